// SPDX-License-Identifier: Apache-2.0
// Many datagrams with one system call (recvmmsg, sendmmsg): the buffers for both directions, made
// once.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <netinet/in.h>
#include <sys/socket.h>

#include "proxy/origin.hpp"

namespace sluice::proxy {

/// Room for one batch of messages on their way in or out. Belongs to one socket.
class UdpBatch {
 public:
  static constexpr std::size_t capacity = 32;
  /// Longer queries do not exist; longer answers go over TCP.
  static constexpr std::size_t max_message_size = 4096;

  UdpBatch();
  UdpBatch(const UdpBatch&) = delete;
  UdpBatch& operator=(const UdpBatch&) = delete;

  /// Fills the batch with what the socket has. False when that was nothing.
  bool receive(int socket);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const std::uint8_t> message(std::size_t i) const;
  /// Sets address, port and local of `origin` from message `i`. A message that was cut has port 0.
  void read_origin(std::size_t i, Origin& origin) const;

  /// Starts a batch to be sent.
  void clear() { size_ = 0; }
  /// Where the next message to be sent is written.
  [[nodiscard]] std::span<std::uint8_t> next_buffer() { return buffers_[size_]; }
  /// The first `size` octets of next_buffer() go to where `origin` came from.
  void push(std::size_t size, const Origin& origin, int family);
  [[nodiscard]] bool is_full() const { return size_ == capacity; }
  /// Sends all and clears. Returns how many the kernel did not take.
  std::size_t send(int socket);

 private:
  /// Enough for one in_pktinfo or in6_pktinfo.
  static constexpr std::size_t control_size = CMSG_SPACE(sizeof(in6_pktinfo));

  void reset_for_receiving();

  std::size_t size_ = 0;
  std::array<std::array<std::uint8_t, max_message_size>, capacity> buffers_;
  std::array<sockaddr_storage, capacity> peers_{};
  std::array<std::array<std::uint8_t, control_size>, capacity> controls_{};
  std::array<iovec, capacity> pieces_{};
  std::array<mmsghdr, capacity> headers_{};
};

}  // namespace sluice::proxy
