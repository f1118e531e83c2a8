// SPDX-License-Identifier: Apache-2.0
// Listening sockets: every worker binds its own to the same address (SO_REUSEPORT), and the kernel
// spreads clients over them.
#pragma once

#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/result.hpp>

#include "config/settings.hpp"

namespace sluice::proxy {

/// Each binds `listener.address` and `listener.port`. Errors are those of the system.
boost::system::result<boost::asio::ip::udp::socket> open_udp_socket(
    boost::asio::io_context& context, const config::Listener& listener);
boost::system::result<boost::asio::ip::tcp::acceptor> open_acceptor(
    boost::asio::io_context& context, const config::Listener& listener);

/// From here on the kernel picks other sockets of the same address and port for what comes, if
/// there are any; what waits in this one stays. It can still send to everybody.
void divert_udp_socket(boost::asio::ip::udp::socket& socket);

/// "cannot listen on UDP 127.0.0.1:53: Permission denied (ports below 1024 need ...)".
std::string listen_error_text(const config::Listener& listener,
                              const boost::system::error_code& error);

}  // namespace sluice::proxy
