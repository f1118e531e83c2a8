// SPDX-License-Identifier: Apache-2.0
// Endpoints that are given by a host name: resolved by the system's servers and followed, so that
// an upstream that moves is found again when the TTL of its old address ends.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "config/settings.hpp"

namespace sluice::proxy {

/// Lives on one worker's thread. The last addresses stay in force while a name does not resolve.
class HostResolver {
 public:
  /// Told the addresses, with the endpoint's port, whenever they have changed; never from within
  /// follow().
  using Found = std::function<void(std::size_t endpoint_index,
                                   const std::vector<boost::asio::ip::tcp::endpoint>& addresses)>;

  /// Null when no endpoint has a host name. `servers` as in AresSettings.
  static std::unique_ptr<HostResolver> follow(boost::asio::io_context& context,
                                              const std::vector<config::Endpoint>& endpoints,
                                              const Found& found, const std::string& servers = {});
  HostResolver(const HostResolver&) = delete;
  HostResolver& operator=(const HostResolver&) = delete;
  ~HostResolver();

 private:
  class Host;
  HostResolver();

  std::vector<std::unique_ptr<Host>> hosts_;
};

/// Whether the endpoint has to be resolved.
bool has_host_name(const config::Endpoint& endpoint);

}  // namespace sluice::proxy
