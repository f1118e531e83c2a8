// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/revision.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>

#include <openssl/sha.h>

#include "kubernetes/policy_kinds.hpp"

namespace sluice::kubernetes {
namespace {

constexpr std::size_t half_digits = 16;

struct Hash {
  std::uint64_t high;
  std::uint64_t low;
};

/// Tenants choose what their generations are: a hash that nobody can bend.
Hash hash_of(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's octets are unsigned
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  // Byte by byte: the same number on every machine.
  Hash hash{0, 0};
  for (std::size_t i = 0; i < 8; ++i) {
    hash.high = hash.high << 8U | digest.at(i);
    hash.low = hash.low << 8U | digest.at(8 + i);
  }
  return hash;
}

std::optional<std::uint64_t> read_half(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

// Unsigned numbers wrap around, and so what was added can be taken away in any order.
void Revision::add(std::string_view version) {
  const Hash hash = hash_of(version);
  high_ += hash.high;
  low_ += hash.low;
}

void Revision::remove(std::string_view version) {
  const Hash hash = hash_of(version);
  high_ -= hash.high;
  low_ -= hash.low;
}

std::string Revision::text() const {
  std::array<char, 2 * half_digits + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx%016llx",
                static_cast<unsigned long long>(high_), static_cast<unsigned long long>(low_));
  return digits.data();
}

std::optional<Revision> Revision::from_text(std::string_view text) {
  if (text.size() != 2 * half_digits) return std::nullopt;
  const auto high = read_half(text.substr(0, half_digits));
  const auto low = read_half(text.substr(half_digits));
  if (!high || !low) return std::nullopt;
  Revision revision;
  revision.high_ = *high;
  revision.low_ = *low;
  return revision;
}

void apply(const Change& change, Revision& revision) {
  const Object* before = change.previous.get();
  if (change.kind == ChangeKind::deleted && before == nullptr) before = change.object.get();
  const std::string old_version = before == nullptr ? "" : content_version(*before);
  const std::string new_version =
      change.kind == ChangeKind::deleted ? "" : content_version(*change.object);
  if (old_version == new_version) return;  // a status alone
  if (!old_version.empty()) revision.remove(old_version);
  if (!new_version.empty()) revision.add(new_version);
}

void apply(const ObjectType& type, const Changes& changes, Revisions& revisions) {
  if (!is_policy_kind(type.kind)) return;
  for (const Change& change : changes)
    apply(change, revisions[type.kind]);
}

}  // namespace sluice::kubernetes
