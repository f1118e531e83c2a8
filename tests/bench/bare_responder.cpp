// SPDX-License-Identifier: Apache-2.0
// The socket limit that benchmarks are compared with: recvmmsg, append one A record to each query,
// sendmmsg. It parses nothing and decides nothing; no server on this machine can be cheaper.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <sys/socket.h>

namespace {

constexpr std::size_t batch = 32;
constexpr std::size_t buffer_size = 4096;
/// Pointer to the question, A, IN, 300 s, 192.0.2.1.
constexpr std::array<std::uint8_t, 16> record{0xc0, 12, 0, 1, 0,   1, 0, 0,
                                              1,    44, 0, 4, 192, 0, 2, 1};

struct Batch {
  std::array<std::array<std::uint8_t, buffer_size>, batch> buffers;
  std::array<sockaddr_in, batch> peers;
  std::array<iovec, batch> pieces;
  std::array<mmsghdr, batch> headers{};

  void prepare() {
    for (std::size_t i = 0; i < batch; ++i) {
      pieces[i] = {buffers[i].data(), buffer_size - record.size()};
      headers[i].msg_hdr = {};
      headers[i].msg_hdr.msg_name = &peers[i];
      headers[i].msg_hdr.msg_namelen = sizeof peers[i];
      headers[i].msg_hdr.msg_iov = &pieces[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }

  void answer(std::size_t i) {
    const std::size_t size = headers[i].msg_len;
    std::uint8_t* message = buffers[i].data();
    message[2] |= 0x80;  // QR
    message[7] = 1;      // ANCOUNT
    message[11] = 0;     // ARCOUNT: an OPT would stand in the way; benchmarks send none
    std::memcpy(message + size, record.data(), record.size());
    pieces[i].iov_len = size + record.size();
  }
};

int open_socket(const char* address, std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(port);
  const bool bound = inet_pton(AF_INET, address, &local.sin_addr) == 1 &&
                     bind(descriptor, reinterpret_cast<const sockaddr*>(&local), sizeof local) == 0;
  if (bound) return descriptor;
  std::perror("bare_responder");
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bare_responder ADDRESS PORT\n");
    return 2;
  }
  const int descriptor = open_socket(argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])));
  static Batch messages;
  while (true) {
    messages.prepare();
    const int received =
        recvmmsg(descriptor, messages.headers.data(), batch, MSG_WAITFORONE, nullptr);
    if (received <= 0) continue;
    for (int i = 0; i < received; ++i)
      messages.answer(static_cast<std::size_t>(i));
    sendmmsg(descriptor, messages.headers.data(), static_cast<unsigned>(received), 0);
  }
}
