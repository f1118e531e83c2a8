// SPDX-License-Identifier: Apache-2.0
// A stream around another one that breaks at a chosen operation: a test goes through all of them.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "proxy/stream.hpp"

namespace sluice::tests {

/// Operations are counted over all streams that share the plan.
struct FailurePlan {
  int fail_at = 0;  ///< counted from 1
  int operations = 0;

  bool fails_now() { return ++operations == fail_at; }
};

class FailingStream final : public proxy::Stream {
 public:
  FailingStream(std::unique_ptr<proxy::Stream> inner, FailurePlan& plan)
      : inner_(std::move(inner)), plan_(plan) {}

  proxy::IoStatus try_handshake() override {
    return plan_.fails_now() ? proxy::IoStatus::failed : inner_->try_handshake();
  }
  proxy::IoResult try_read(std::span<std::uint8_t> buffer) override {
    if (plan_.fails_now()) return {proxy::IoStatus::failed};
    return inner_->try_read(buffer);
  }
  proxy::IoResult try_write(std::span<const std::uint8_t> data) override {
    if (plan_.fails_now()) return {proxy::IoStatus::failed};
    return inner_->try_write(data);
  }
  boost::asio::awaitable<void> ready(proxy::IoStatus want) override { return inner_->ready(want); }
  void close() noexcept override { inner_->close(); }
  [[nodiscard]] std::string failure_text() const override { return "as the test wished"; }

 private:
  std::unique_ptr<proxy::Stream> inner_;
  FailurePlan& plan_;
};

}  // namespace sluice::tests
