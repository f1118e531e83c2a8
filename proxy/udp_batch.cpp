// SPDX-License-Identifier: Apache-2.0
#include "proxy/udp_batch.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace sluice::proxy {
namespace {

using filters::Address;

template <std::size_t Size, typename T>
std::array<std::uint8_t, Size> octets_of(const T& value) {
  static_assert(sizeof value == Size);
  std::array<std::uint8_t, Size> octets{};
  std::memcpy(octets.data(), &value, Size);
  return octets;
}

Address address_of(const in_addr& address) {
  return Address::v4(octets_of<4>(address));
}
Address address_of(const in6_addr& address) {
  return Address::v6(octets_of<16>(address));
}

in_addr to_in_addr(const Address& address) {
  in_addr result{};
  std::memcpy(&result, address.v4_octets().data(), sizeof result);
  return result;
}

in6_addr to_in6_addr(const Address& address) {
  in6_addr result{};
  std::memcpy(&result, address.octets().data(), sizeof result);
  return result;
}

template <typename T>
T data_of(const cmsghdr& message) {
  T value;
  std::memcpy(&value, CMSG_DATA(&message), sizeof value);
  return value;
}

/// The address that a datagram was sent to, if the socket was told to say (IP_PKTINFO).
std::optional<Address> destination_of(const msghdr& header) {
  auto* mutable_header = const_cast<msghdr*>(&header);  // CMSG_NXTHDR wants it so
  for (cmsghdr* message = CMSG_FIRSTHDR(&header); message != nullptr;
       message = CMSG_NXTHDR(mutable_header, message)) {
    if (message->cmsg_level == IPPROTO_IP && message->cmsg_type == IP_PKTINFO) {
      return address_of(data_of<in_pktinfo>(*message).ipi_addr);
    }
    if (message->cmsg_level == IPPROTO_IPV6 && message->cmsg_type == IPV6_PKTINFO) {
      return address_of(data_of<in6_pktinfo>(*message).ipi6_addr);
    }
  }
  return std::nullopt;
}

template <typename T>
void set_control(msghdr& header, int level, int type, const T& value) {
  header.msg_controllen = CMSG_SPACE(sizeof value);
  cmsghdr* message = CMSG_FIRSTHDR(&header);
  message->cmsg_level = level;
  message->cmsg_type = type;
  message->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(message), &value, sizeof value);
}

/// Answers from the address that was asked (RFC 2181 4), where the socket listens on all of them.
void set_source(msghdr& header, const Address& local, int family) {
  if (family == AF_INET) {
    in_pktinfo info{};
    info.ipi_spec_dst = to_in_addr(local);
    set_control(header, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_addr = to_in6_addr(local);
    set_control(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

socklen_t write_peer(sockaddr_storage& peer, const Origin& origin, int family) {
  if (family == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(origin.port);
    v4.sin_addr = to_in_addr(origin.address);
    std::memcpy(&peer, &v4, sizeof v4);
    return sizeof v4;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(origin.port);
  v6.sin6_addr = to_in6_addr(origin.address);
  v6.sin6_scope_id = origin.scope;
  std::memcpy(&peer, &v6, sizeof v6);
  return sizeof v6;
}

}  // namespace

UdpBatch::UdpBatch() {
  for (std::size_t i = 0; i < capacity; ++i) {
    pieces_[i].iov_base = buffers_[i].data();
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &peers_[i];
  }
}

bool UdpBatch::receive(int socket) {
  reset_for_receiving();
  const int count = recvmmsg(socket, headers_.data(), capacity, MSG_DONTWAIT, nullptr);
  size_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  return count > 0;
}

// The kernel overwrites these lengths with what it delivered.
void UdpBatch::reset_for_receiving() {
  for (std::size_t i = 0; i < capacity; ++i) {
    pieces_[i].iov_len = max_message_size;
    msghdr& header = headers_[i].msg_hdr;
    header.msg_namelen = sizeof(sockaddr_storage);
    header.msg_control = controls_[i].data();
    header.msg_controllen = control_size;
  }
}

std::span<const std::uint8_t> UdpBatch::message(std::size_t i) const {
  return std::span(buffers_[i]).first(headers_[i].msg_len);
}

void UdpBatch::read_origin(std::size_t i, Origin& origin) const {
  const msghdr& header = headers_[i].msg_hdr;
  const sockaddr_storage& peer = peers_[i];
  if (peer.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &peer, sizeof v4);
    origin.address = address_of(v4.sin_addr);
    origin.port = ntohs(v4.sin_port);
  } else {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &peer, sizeof v6);
    origin.address = address_of(v6.sin6_addr);
    origin.port = ntohs(v6.sin6_port);
    origin.scope = v6.sin6_scope_id;
  }
  if ((header.msg_flags & MSG_TRUNC) != 0) origin.port = 0;
  origin.local =
      header.msg_controllen == 0 ? Address{} : destination_of(header).value_or(Address{});
}

void UdpBatch::push(std::size_t size, const Origin& origin, int family) {
  msghdr& header = headers_[size_].msg_hdr;
  pieces_[size_].iov_len = size;
  header.msg_namelen = write_peer(peers_[size_], origin, family);
  header.msg_control = nullptr;
  header.msg_controllen = 0;
  if (origin.local != Address{}) {
    header.msg_control = controls_[size_].data();
    set_source(header, origin.local, family);
  }
  ++size_;
}

std::size_t UdpBatch::send(int socket) {
  std::size_t sent = 0;
  std::size_t lost = 0;
  while (sent + lost < size_) {
    const std::size_t at = sent + lost;
    const int count = sendmmsg(socket, headers_.data() + at, static_cast<unsigned>(size_ - at), 0);
    // One that cannot be sent (peer unreachable, buffers full) must not hold up those behind it.
    if (count <= 0) {
      ++lost;
    } else {
      sent += static_cast<std::size_t>(count);
    }
  }
  size_ = 0;
  return lost;
}

}  // namespace sluice::proxy
