// SPDX-License-Identifier: Apache-2.0
// An upstream without a network: it keeps what it was asked, and answers or fails when a test tells
// it to.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "proxy/upstream.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::tests {

/// Allocates nothing per query once it has held as many at a time as it will.
class FakeUpstream final : public proxy::Upstream {
 public:
  /// Whom to tell; outlives this.
  explicit FakeUpstream(proxy::UpstreamHandler& handler) : handler_(handler) {}

  void send(std::uint64_t token, std::span<const std::uint8_t> query) override;
  [[nodiscard]] bool is_encrypted() const override { return encrypted_; }
  [[nodiscard]] bool is_down() const override { return down_; }
  void set_down(bool down) { down_ = down; }
  void set_encrypted(bool encrypted) { encrypted_ = encrypted; }

  /// Queries that were sent so far, answered ones included.
  [[nodiscard]] std::size_t sent() const { return sent_; }
  [[nodiscard]] bool has_pending() const { return !pending_.empty(); }
  /// Queries without an answer, the oldest first, as "www.example. A".
  [[nodiscard]] std::vector<std::string> pending() const;
  /// The oldest query without an answer, in full. There must be one, here and below.
  [[nodiscard]] Octets oldest() const;

  /// Each deals with the oldest query and returns its token.
  std::uint64_t answer(const Response& response);
  std::uint64_t answer(std::span<const std::uint8_t> message);
  std::uint64_t fail(proxy::UpstreamFailure failure);
  /// Says nothing to the oldest query, now and later.
  void forget_oldest();

 private:
  struct Query {
    std::uint64_t token = 0;
    std::array<std::uint8_t, 1024> octets{};
    std::size_t size = 0;
  };
  [[nodiscard]] static std::span<const std::uint8_t> message_of(const Query& query) {
    return std::span(query.octets).first(query.size);
  }
  Query take_oldest();

  proxy::UpstreamHandler& handler_;
  std::vector<Query> pending_;
  std::size_t sent_ = 0;
  bool down_ = false;
  bool encrypted_ = true;
};

}  // namespace sluice::tests
