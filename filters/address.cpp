// SPDX-License-Identifier: Apache-2.0
#include "filters/address.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace sluice::filters {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_head{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::uint8_t mapped_bits = 96;
constexpr std::uint8_t address_bits = 128;

/// inet_pton wants a terminated string; INET6_ADDRSTRLEN counts the terminator.
using Terminated = std::array<char, INET6_ADDRSTRLEN>;

std::optional<Terminated> terminate(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != text.npos) return std::nullopt;
  Terminated buffer{};
  std::copy(text.begin(), text.end(), buffer.begin());
  return buffer;
}

/// Decimal, as many digits as needed and no more: "08" and "+8" are mistakes.
std::optional<unsigned> prefix_length_from_text(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  unsigned value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Address Address::v4(std::span<const std::uint8_t, 4> octets) {
  Address address;
  std::copy(mapped_head.begin(), mapped_head.end(), address.octets_.begin());
  std::copy(octets.begin(), octets.end(), address.octets_.begin() + mapped_head.size());
  return address;
}

Address Address::v6(std::span<const std::uint8_t, 16> octets) {
  Address address;
  std::copy(octets.begin(), octets.end(), address.octets_.begin());
  return address;
}

std::optional<Address> Address::from_text(std::string_view text) {
  const auto terminated = terminate(text);
  if (!terminated) return std::nullopt;
  std::array<std::uint8_t, 4> short_form{};
  if (inet_pton(AF_INET, terminated->data(), short_form.data()) == 1) return v4(short_form);
  std::array<std::uint8_t, 16> long_form{};
  if (inet_pton(AF_INET6, terminated->data(), long_form.data()) == 1) return v6(long_form);
  return std::nullopt;
}

bool Address::is_v4() const {
  return std::equal(mapped_head.begin(), mapped_head.end(), octets_.begin());
}

std::uint64_t hash_of(const Address& address, std::uint64_t seed) {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.octets().data(), sizeof high);
  std::memcpy(&low, address.octets().data() + sizeof high, sizeof low);
  // Odd multipliers spread neighbours, which addresses of one node always are.
  const std::uint64_t mixed = (high + seed) * 0x9e3779b97f4a7c15 ^ low * 0xd6e8feb86659fd93;
  return mixed ^ mixed >> 32;
}

std::string to_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const int family = address.is_v4() ? AF_INET : AF_INET6;
  const auto* octets = address.is_v4() ? address.v4_octets().data() : address.octets().data();
  return inet_ntop(family, octets, buffer.data(), static_cast<socklen_t>(buffer.size()));
}

std::optional<Prefix> Prefix::from_text(std::string_view text) {
  const auto slash = text.find('/');
  const auto address_text = text.substr(0, slash);
  const auto address = Address::from_text(address_text);
  if (!address) return std::nullopt;
  if (slash == text.npos) return Prefix{*address, address_bits};
  // By the spelling, not by is_v4(): ::ffff:10.0.0.0/104 counts in the mapped form already.
  const unsigned offset = address_text.find(':') == text.npos ? mapped_bits : 0U;
  const auto length = prefix_length_from_text(text.substr(slash + 1));
  if (!length || *length + offset > address_bits) return std::nullopt;
  const Prefix prefix{*address, static_cast<std::uint8_t>(*length + offset)};
  if (masked(prefix.address, prefix.length) != prefix.address) return std::nullopt;
  return prefix;
}

bool Prefix::contains(const Address& other) const {
  // Everything shorter is an IPv6 prefix: ::/0 means all of IPv6, not IPv4 too.
  if (length < mapped_bits && other.is_v4()) return false;
  return masked(other, length) == address;
}

Address masked(const Address& address, std::uint8_t length) {
  auto octets = address.octets();
  const std::size_t whole = length / 8U;
  if (whole >= octets.size()) return address;
  octets[whole] &= static_cast<std::uint8_t>(0xff00U >> (length % 8U));
  std::fill(octets.begin() + static_cast<std::ptrdiff_t>(whole) + 1, octets.end(), std::uint8_t{0});
  return Address::v6(octets);
}

}  // namespace sluice::filters
