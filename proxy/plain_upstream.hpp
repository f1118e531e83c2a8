// SPDX-License-Identifier: Apache-2.0
// Forwarding over UDP or TCP, in the clear, by c-ares: retries, the way to TCP when an answer is
// truncated, and the choice of server are its job. Ours is what makes forging an answer hard (RFC
// 5452): IDs and ports that cannot be guessed, and a second look at every answer.
//
// A c-ares channel has one UDP socket to each server, for as long as queries are under way on it.
// Several channels, and an idle one taken first, give fresh ports to most queries.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/settings.hpp"
#include "proxy/counters.hpp"
#include "proxy/host_resolver.hpp"
#include "proxy/upstream.hpp"
#include "proxy/upstream_ares.hpp"
#include "proxy/upstream_random.hpp"
#include "proxy/upstream_report.hpp"

namespace sluice::proxy {

/// Lives on one worker's thread. May be destroyed at any time except from within its handler.
class PlainUpstream final : public Upstream {
 public:
  PlainUpstream(boost::asio::io_context& context, config::Upstream settings,
                UpstreamHandler& handler, UpstreamCounters& counters);
  ~PlainUpstream() override;

  void send(std::uint64_t token, std::span<const std::uint8_t> query) override;
  [[nodiscard]] bool is_encrypted() const override { return false; }
  [[nodiscard]] bool is_down() const override { return report_.last_failure().has_value(); }

 private:
  struct Channel;
  struct Request;

  void set_addresses(std::size_t endpoint,
                     const std::vector<boost::asio::ip::tcp::endpoint>& addresses);
  [[nodiscard]] AresSettings channel_settings(config::UpstreamTransport transport) const;
  Channel& udp_channel();
  Channel& tcp_channel();
  void start(std::unique_ptr<Request> request, Channel& channel);
  static void on_done(void* argument, int status, int timeouts, unsigned char* answer, int size);
  void finish(std::unique_ptr<Request> request, int status, std::span<const std::uint8_t> answer);
  void drop_idle_retired();

  boost::asio::io_context& context_;
  config::Upstream settings_;
  UpstreamCounters& counters_;
  UpstreamReport report_;
  RandomNumbers random_;
  std::vector<std::vector<boost::asio::ip::tcp::endpoint>> addresses_;  ///< of each endpoint
  std::vector<std::unique_ptr<Channel>> udp_;
  std::unique_ptr<Channel> tcp_;
  std::vector<std::unique_ptr<Channel>> retired_;  ///< to former addresses, until they are idle
  std::size_t outstanding_ = 0;
  std::unique_ptr<HostResolver> resolver_;
};

}  // namespace sluice::proxy
