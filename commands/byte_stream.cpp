// SPDX-License-Identifier: Apache-2.0
#include "commands/byte_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::commands {
namespace {

struct AddressesDeleter {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesDeleter>;

Addresses look_up(const std::string& host, std::uint16_t port, int type) {
  addrinfo hints{};
  hints.ai_socktype = type;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) throw ExchangeFailure(host + ": " + gai_strerror(error));
  return Addresses(list);
}

/// 0, or the error.
int bind_to(int socket, const std::string& source, int type) {
  const Addresses addresses = look_up(source, 0, type);
  return bind(socket, addresses->ai_addr, addresses->ai_addrlen) == 0 ? 0 : errno;
}

class TcpStream final : public ByteStream {
 public:
  TcpStream(Socket socket, Deadline deadline) : socket_(std::move(socket)), deadline_(deadline) {}

  void write(std::span<const std::uint8_t> octets) override {
    while (!octets.empty()) {
      socket_.wait_for(POLLOUT, deadline_);
      const ssize_t sent = send(socket_.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) throw ExchangeFailure(std::strerror(errno));
      octets = octets.subspan(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
    }
  }

  std::size_t read(std::span<std::uint8_t> buffer) override {
    while (true) {
      socket_.wait_for(POLLIN, deadline_);
      const ssize_t size = recv(socket_.number(), buffer.data(), buffer.size(), 0);
      if (size >= 0) return static_cast<std::size_t>(size);
      if (errno != EAGAIN) throw ExchangeFailure(std::strerror(errno));
    }
  }

 private:
  Socket socket_;
  Deadline deadline_;
};

}  // namespace

Socket Socket::connect(const Target& target, Deadline deadline) {
  const Addresses addresses = look_up(target.host, target.port, target.type);
  int error = 0;
  for (const addrinfo* it = addresses.get(); it != nullptr; it = it->ai_next) {
    Socket socket(::socket(it->ai_family, it->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    error = socket.number() < 0 ? errno : 0;
    if (error == 0 && !target.source.empty()) {
      error = bind_to(socket.number(), target.source, target.type);
    }
    if (error != 0) continue;
    if (::connect(socket.number(), it->ai_addr, it->ai_addrlen) == 0) return socket;
    error = errno;
    if (error != EINPROGRESS) continue;
    socket.wait_for(POLLOUT, deadline);
    socklen_t size = sizeof error;
    getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0) return socket;
  }
  throw ExchangeFailure(target.host + " port " + std::to_string(target.port) + ": " +
                        std::strerror(error));
}

Socket::Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Socket::~Socket() {
  if (number_ >= 0) close(number_);
}

void Socket::wait_for(short events, Deadline deadline) const {
  pollfd waiting{.fd = number_, .events = events, .revents = 0};
  int ready = 0;
  do {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) throw ExchangeFailure("no answer in time");
    ready = poll(&waiting, 1, static_cast<int>(left.count()));
  } while (ready == 0 || (ready < 0 && errno == EINTR));
}

std::unique_ptr<ByteStream> open_tcp(Socket socket, Deadline deadline) {
  return std::make_unique<TcpStream>(std::move(socket), deadline);
}

}  // namespace sluice::commands
