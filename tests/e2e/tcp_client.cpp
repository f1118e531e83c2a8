// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/tcp_client.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sluice::tests {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in make_address(const std::string& text, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  require(inet_pton(AF_INET, text.c_str(), &address.sin_addr) == 1, text.c_str());
  return address;
}

}  // namespace

TcpClient::TcpClient(const std::string& from, std::uint16_t port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
    setsockopt(socket_.number(), SOL_SOCKET, option, &patience, sizeof patience);
  const auto source = make_address(from, 0);
  const auto target = make_address("127.0.0.1", port);
  require(bind(socket_.number(), reinterpret_cast<const sockaddr*>(&source), sizeof source) == 0,
          "bind");
  require(connect(socket_.number(), reinterpret_cast<const sockaddr*>(&target), sizeof target) == 0,
          "connect");
}

void TcpClient::send(const Octets& octets) const {
  std::size_t sent = 0;
  while (sent < octets.size()) {
    const auto n =
        ::send(socket_.number(), octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
    require(n > 0, "send");
    sent += static_cast<std::size_t>(n);
  }
}

Octets TcpClient::receive(std::size_t size) const {
  Octets octets(size);
  require(recv(socket_.number(), octets.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size),
          "receive");
  return octets;
}

Octets TcpClient::receive_all() const {
  Octets octets;
  std::array<std::uint8_t, 65536> block{};
  ssize_t n = 0;
  while ((n = recv(socket_.number(), block.data(), block.size(), 0)) > 0)
    octets.insert(octets.end(), block.begin(), block.begin() + n);
  require(n == 0, "receive");
  return octets;
}

Octets TcpClient::receive_message() const {
  const auto length = receive(2);
  return receive(static_cast<std::size_t>(length[0] << 8 | length[1]));
}

Octets framed(const Octets& message) {
  Octets octets{static_cast<std::uint8_t>(message.size() >> 8),
                static_cast<std::uint8_t>(message.size())};
  octets.insert(octets.end(), message.begin(), message.end());
  return octets;
}

}  // namespace sluice::tests
