// SPDX-License-Identifier: Apache-2.0
#include "proxy/listener_socket.hpp"

#include <type_traits>

#include <boost/asio/detail/socket_option.hpp>

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using PacketInfoV4 = asio::detail::socket_option::boolean<IPPROTO_IP, IP_PKTINFO>;
using PacketInfoV6 = asio::detail::socket_option::boolean<IPPROTO_IPV6, IPV6_RECVPKTINFO>;

/// Room for a burst while a worker is busy; the kernel cuts it to net.core.rmem_max.
constexpr int udp_receive_buffer = 4 << 20;
/// Connections that wait to be accepted; the kernel cuts it to net.core.somaxconn.
constexpr int accept_queue = 4096;

template <typename Socket>
error_code bind_to(Socket& socket, const typename Socket::endpoint_type& endpoint) {
  // For UDP, SO_REUSEADDR would let any other program take the port; for TCP it only allows a quick
  // restart.
  constexpr bool is_tcp = std::is_same_v<Socket, asio::ip::tcp::acceptor>;
  error_code error;
  socket.open(endpoint.protocol(), error);
  if (!error && is_tcp) socket.set_option(typename Socket::reuse_address(true), error);
  if (!error) socket.set_option(ReusePort(true), error);
  if (!error) socket.non_blocking(true, error);
  if (!error) socket.bind(endpoint, error);
  return error;
}

template <typename Endpoint>
Endpoint endpoint_of(const config::Listener& listener) {
  return Endpoint(asio::ip::make_address(listener.address), listener.port);
}

std::string_view protocol_text(config::ListenerProtocol protocol) {
  switch (protocol) {
    case config::ListenerProtocol::udp:
      return "UDP";
    case config::ListenerProtocol::tcp:
      return "TCP";
    case config::ListenerProtocol::tls:
      return "TLS";
    case config::ListenerProtocol::https:
      return "HTTPS";
  }
  return {};
}

std::string_view advice_for(const error_code& error) {
  if (error == asio::error::access_denied) {
    return " (ports below 1024 need the capability NET_BIND_SERVICE)";
  }
  if (error == asio::error::address_in_use) return " (another program listens there)";
  if (error == boost::system::errc::address_not_available) {
    return " (no interface of this machine has the address)";
  }
  return {};
}

}  // namespace

boost::system::result<asio::ip::udp::socket> open_udp_socket(asio::io_context& context,
                                                             const config::Listener& listener) {
  asio::ip::udp::socket socket(context);
  const auto endpoint = endpoint_of<asio::ip::udp::endpoint>(listener);
  if (const auto error = bind_to(socket, endpoint)) return error;
  error_code ignored;  // a smaller buffer serves too
  socket.set_option(asio::socket_base::receive_buffer_size(udp_receive_buffer), ignored);
  if (!endpoint.address().is_unspecified()) return socket;
  error_code error;
  if (endpoint.address().is_v4()) {
    socket.set_option(PacketInfoV4(true), error);
  } else {
    socket.set_option(PacketInfoV6(true), error);
  }
  if (error) return error;
  return socket;
}

/// A socket that is closed takes unread queries with it, and between its last read and its close
/// there is always room for one more. A connected socket, though, gets what its peer sends and is
/// passed over when the kernel chooses among those of a port. Nobody sends from the port `discard`.
void divert_udp_socket(asio::ip::udp::socket& socket) {
  constexpr std::uint16_t discard = 9;
  error_code error;
  auto address = socket.local_endpoint(error).address();
  if (address.is_unspecified()) {
    address = address.is_v4() ? asio::ip::address(asio::ip::address_v4::loopback())
                              : asio::ip::address(asio::ip::address_v6::loopback());
  }
  // One that cannot be diverted loses no more than it would have lost without.
  if (!error) socket.connect({address, discard}, error);
}

boost::system::result<asio::ip::tcp::acceptor> open_acceptor(asio::io_context& context,
                                                             const config::Listener& listener) {
  asio::ip::tcp::acceptor acceptor(context);
  if (const auto error = bind_to(acceptor, endpoint_of<asio::ip::tcp::endpoint>(listener)))
    return error;
  error_code error;
  acceptor.listen(accept_queue, error);
  if (error) return error;
  return acceptor;
}

std::string listen_error_text(const config::Listener& listener, const error_code& error) {
  std::string text = "cannot listen on ";
  text += protocol_text(listener.protocol);
  text += ' ' + listener.address + ':' + std::to_string(listener.port) + ": " + error.message();
  text += advice_for(error);
  return text;
}

}  // namespace sluice::proxy
