// SPDX-License-Identifier: Apache-2.0
#include "tests/support/free_port.hpp"

#include <stdexcept>

#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/support/process.hpp"

namespace sluice::tests {

std::uint16_t likely_free_port() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket.number(), generic, size) != 0 ||
      getsockname(socket.number(), generic, &size) != 0) {
    throw std::runtime_error("no free port");
  }
  return ntohs(address.sin_port);
}

}  // namespace sluice::tests
