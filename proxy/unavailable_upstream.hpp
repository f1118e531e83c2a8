// SPDX-License-Identifier: Apache-2.0
// Stands where an upstream should be: a tenant names one that does not exist, or its certificates
// cannot be loaded. Its queries must not go anywhere else, so they fail.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "proxy/upstream.hpp"

namespace sluice::proxy {

/// Lives on a worker's thread, as the handler does.
class UnavailableUpstream final : public Upstream {
 public:
  UnavailableUpstream(boost::asio::io_context& context, UpstreamHandler& handler)
      : context_(context), handler_(handler) {}

  void send(std::uint64_t token, std::span<const std::uint8_t>) override {
    boost::asio::post(context_, [&handler = handler_, token] {
      handler.on_failure(token, UpstreamFailure::unreachable);
    });
  }
  [[nodiscard]] bool is_encrypted() const override { return false; }
  [[nodiscard]] bool is_down() const override { return true; }

 private:
  boost::asio::io_context& context_;
  UpstreamHandler& handler_;
};

}  // namespace sluice::proxy
