// SPDX-License-Identifier: Apache-2.0
// IP addresses and prefixes as identity and policy need them: one 16-octet form for both families.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice::filters {

/// An IPv6 address, or an IPv4 address in its mapped form ::ffff:a.b.c.d, so that a client that
/// reaches a dual-stack socket by either family is one client.
class Address {
 public:
  Address() = default;
  static Address v4(std::span<const std::uint8_t, 4> octets);
  static Address v6(std::span<const std::uint8_t, 16> octets);
  /// Reads either family in its usual text; no zone identifiers, no ports.
  static std::optional<Address> from_text(std::string_view text);

  [[nodiscard]] bool is_v4() const;
  /// The mapped form, 16 octets.
  [[nodiscard]] const std::array<std::uint8_t, 16>& octets() const { return octets_; }
  /// The last four octets: the address itself when is_v4().
  [[nodiscard]] std::span<const std::uint8_t, 4> v4_octets() const {
    return std::span<const std::uint8_t, 16>(octets_).last<4>();
  }

  auto operator<=>(const Address&) const = default;

 private:
  std::array<std::uint8_t, 16> octets_{};
};

/// 64 bits of an address, seeded.
std::uint64_t hash_of(const Address& address, std::uint64_t seed);

/// Usual text: dotted quad for IPv4, RFC 5952 for IPv6.
std::string to_text(const Address& address);

/// Addresses that share their first `length` bits. The length counts in the mapped form (96 + n for
/// IPv4); bits behind it are zero. An IPv6 prefix contains no IPv4 address: ::/0 is all of IPv6
/// only.
struct Prefix {
  Address address;
  std::uint8_t length = 0;

  /// Reads "10.0.0.0/8", "fd00::/64", or an address alone as the prefix of just that address. Bits
  /// set behind the length are an error, as in Kubernetes: they are more often a mistake than a
  /// wish.
  static std::optional<Prefix> from_text(std::string_view text);
  /// The prefix of just that address.
  static Prefix of(const Address& address) { return {address, 128}; }
  [[nodiscard]] bool contains(const Address& other) const;
  auto operator<=>(const Prefix&) const = default;
};

/// The address with every bit behind `length` cleared.
Address masked(const Address& address, std::uint8_t length);

}  // namespace sluice::filters
