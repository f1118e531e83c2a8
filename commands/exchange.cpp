// SPDX-License-Identifier: Apache-2.0
#include "commands/exchange.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

#include "commands/https_exchange.hpp"
#include "dns/header.hpp"
#include "dns/message.hpp"

namespace sluice::commands {
namespace {

using Octets = std::vector<std::uint8_t>;
using Query = std::span<const std::uint8_t>;

Socket connect(const Server& server, int type, Deadline deadline) {
  return Socket::connect({.host = server.host,
                          .port = server.port == 0 ? default_port(server.transport) : server.port,
                          .source = server.source,
                          .type = type},
                         deadline);
}

bool is_answer(Query message, Query query) {
  if (message.size() < dns::header_size) return false;
  return dns::read_header(message).id == dns::read_header(query).id &&
         dns::is_answer_to(message, query);
}

/// Whatever else comes to the port is not meant.
Octets exchange_udp(const Server& server, Query query, Deadline deadline) {
  const Socket socket = connect(server, SOCK_DGRAM, deadline);
  if (send(socket.number(), query.data(), query.size(), 0) < 0) {
    throw ExchangeFailure(std::strerror(errno));
  }
  Octets message(65535);
  while (true) {
    socket.wait_for(POLLIN, deadline);
    const ssize_t size = recv(socket.number(), message.data(), message.size(), 0);
    if (size < 0 && errno != EAGAIN) {
      throw ExchangeFailure(server.host + ": " + std::strerror(errno));
    }
    const auto received = Query(message).first(size < 0 ? 0 : static_cast<std::size_t>(size));
    if (is_answer(received, query)) return {received.begin(), received.end()};
  }
}

void read_all(ByteStream& stream, std::span<std::uint8_t> buffer) {
  while (!buffer.empty()) {
    const std::size_t size = stream.read(buffer);
    if (size == 0) throw ExchangeFailure("the server closed the connection");
    buffer = buffer.subspan(size);
  }
}

/// Two octets of length in front of each message (RFC 1035 4.2.2).
Octets exchange_framed(ByteStream& stream, Query query) {
  Octets framed{static_cast<std::uint8_t>(query.size() >> 8),
                static_cast<std::uint8_t>(query.size() & 0xff)};
  framed.insert(framed.end(), query.begin(), query.end());
  stream.write(framed);
  std::array<std::uint8_t, 2> length{};
  read_all(stream, length);
  Octets message(static_cast<std::size_t>(length[0] << 8 | length[1]));
  read_all(stream, message);
  return message;
}

Octets exchange_stream(const Server& server, Query query, Deadline deadline) {
  Socket socket = connect(server, SOCK_STREAM, deadline);
  if (server.transport == Transport::tcp) {
    return exchange_framed(*open_tcp(std::move(socket), deadline), query);
  }
  const bool is_https = server.transport == Transport::https;
  const TlsOptions options{
      .server_name = server.server_name.empty() ? server.host : server.server_name,
      .ca_file = server.ca_file,
      .protocol = is_https ? "h2" : "dot"};
  const auto stream = open_tls(std::move(socket), options, deadline);
  if (!is_https) return exchange_framed(*stream, query);
  const bool is_ipv6 = options.server_name.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? '[' + options.server_name + ']' : options.server_name;
  return exchange_https(*stream, host, query);
}

bool is_cut(const Octets& message) {
  return dns::read_header(message).has(dns::Flags::tc);
}

}  // namespace

const char* to_text(Transport transport) {
  static constexpr std::array names{"UDP", "TCP", "TLS", "HTTPS"};
  return names[static_cast<std::size_t>(transport)];
}

std::uint16_t default_port(Transport transport) {
  if (transport == Transport::https) return 443;
  return transport == Transport::tls ? 853 : 53;
}

Reply exchange_message(const Server& server, Query query) {
  const auto start = std::chrono::steady_clock::now();
  const Deadline deadline = start + server.timeout;
  Reply reply{.message = {}, .transport = server.transport};
  if (reply.transport == Transport::udp) {
    reply.message = exchange_udp(server, query, deadline);
    if (is_cut(reply.message)) reply.transport = Transport::tcp;
  }
  if (reply.transport != Transport::udp) {
    Server stream_server = server;
    stream_server.transport = reply.transport;
    reply.message = exchange_stream(stream_server, query, deadline);
    if (!is_answer(reply.message, query))
      throw ExchangeFailure("the answer is to another question");
  }
  reply.duration = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  return reply;
}

}  // namespace sluice::commands
