// SPDX-License-Identifier: Apache-2.0
// c-ares on an io_context: its sockets are waited for and its timeouts kept by Asio, its callbacks
// come on the worker's thread. For the plain upstream and for resolving host names.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <ares.h>
#include <boost/asio/io_context.hpp>

namespace sluice::proxy {

enum class AresRotation : std::uint8_t { in_order, in_turn };

struct AresSettings {
  std::string servers;  ///< "192.0.2.1:53,[2001:db8::1]:53"; empty: those of resolv.conf
  int flags = 0;        ///< ARES_FLAG_...
  std::chrono::milliseconds timeout{1000};  ///< of the first round; each further one has double
  int tries = 2;                            ///< rounds through all servers
  AresRotation rotation = AresRotation::in_order;
};

/// One set of sockets. Destroying it, which is not allowed from within one of its callbacks, calls
/// back all that is under way with ARES_EDESTRUCTION.
class AresChannel {
 public:
  AresChannel(boost::asio::io_context& context, const AresSettings& settings);
  AresChannel(const AresChannel&) = delete;
  AresChannel& operator=(const AresChannel&) = delete;
  ~AresChannel();

  /// Sends a whole query message under the ID that is in it. Copies the message. A failure may be
  /// called back before this returns.
  void send(std::span<const std::uint8_t> message, ares_callback callback, void* argument);
  /// Both families, from the hosts file or the servers.
  void resolve(const std::string& host, ares_addrinfo_callback callback, void* argument);

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;  ///< shared with handlers that Asio still has
};

/// Of an ARES_... status, for a person.
std::string ares_error_text(int status);

}  // namespace sluice::proxy
