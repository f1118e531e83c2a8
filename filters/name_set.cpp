// SPDX-License-Identifier: Apache-2.0
#include "filters/name_set.hpp"

#include <algorithm>

namespace sluice::filters {
namespace {

__extension__ using Product = unsigned __int128;

/// A node of std::unordered_map with its place in the table of buckets, about.
constexpr std::size_t node_overhead = 32;

}  // namespace

std::optional<ListMatch> NameSet::weigh(Payload seen, bool is_listed) noexcept {
  if ((seen & important_exception) != 0) return std::nullopt;
  if ((seen & important) != 0) return ListMatch{};
  if ((seen & exception) != 0 || !is_listed) return std::nullopt;
  return ListMatch{};
}

std::optional<ListMatch> NameSet::find(const SuffixHashes& question) const noexcept {
  if (slots_.empty()) return std::nullopt;
  const std::size_t deepest = std::min(deepest_, question.label_count());
  // All on their way from memory at once, instead of one after the other.
  for (std::size_t labels = shallowest_; labels <= deepest; ++labels)
    __builtin_prefetch(&slots_[place_of(question.hash(labels))]);

  Payload seen = 0;
  bool is_listed = false;
  for (std::size_t labels = deepest + 1; labels-- > shallowest_;) {
    const Payload payload = payload_of(question.hash(labels));
    if (payload == 0) continue;
    const Payload where = labels == question.label_count() ? apex : below;
    const bool applies = (payload & where) != 0;
    if (applies && !has_precedence_)
      return match_of(effect_of(payload, question.hash(labels), where));
    is_listed |= applies;
    seen |= payload & (applies ? precedence : exception | important_exception);
  }
  return weigh(seen, is_listed);
}

std::optional<ListMatch> NameSet::find(const Address& address) const noexcept {
  constexpr std::uint8_t mapped_bits = 96;  // a shorter prefix is one of IPv6 addresses only
  for (const std::uint8_t length : address_lengths_) {
    if (length < mapped_bits && address.is_v4()) break;
    const Prefix wanted{masked(address, length), length};
    const auto found = std::ranges::lower_bound(addresses_, wanted, {}, &AddressEntry::prefix);
    if (found != addresses_.end() && found->prefix == wanted) return match_of(found->effect);
  }
  return std::nullopt;
}

std::size_t NameSet::memory() const noexcept {
  return sizeof *this + slots_.capacity() * sizeof(std::uint64_t) +
         sides_.size() * (sizeof(std::uint64_t) + sizeof(Sides) + node_overhead) +
         local_data_.capacity() * sizeof(Rewrite) + addresses_.capacity() * sizeof(AddressEntry);
}

/// Spreads hashes over a table of any size, by their upper bits.
std::size_t NameSet::place_of(std::uint64_t hash) const noexcept {
  return static_cast<std::size_t>(static_cast<Product>(hash) * slots_.size() >> 64);
}

// The place depends on the upper bits and the slot has the lower 56: both together leave no bit of
// the hash unlooked at.
NameSet::Payload NameSet::payload_of(std::uint64_t hash) const noexcept {
  const std::uint64_t tag = hash << 8;
  std::size_t place = place_of(hash);
  while (slots_[place] != 0) {
    if ((slots_[place] & ~std::uint64_t{0xff}) == tag) return static_cast<Payload>(slots_[place]);
    if (++place == slots_.size()) place = 0;
  }
  return 0;
}

NameSet::Effect NameSet::effect_of(Payload payload, std::uint64_t hash,
                                   Payload where) const noexcept {
  const auto effect = static_cast<Effect>(payload >> effect_shift);
  if (effect != in_sides) return effect;
  const Sides& sides = sides_.find(hash)->second;
  return *(where == apex ? sides.at_apex : sides.at_below);
}

std::optional<ListMatch> NameSet::match_of(Effect effect) const noexcept {
  if (effect == passthru) return std::nullopt;
  if (effect < passthru) return ListMatch{static_cast<ListEffect>(effect), nullptr};
  return ListMatch{ListEffect::local_data, &local_data_[effect - first_local_data]};
}

}  // namespace sluice::filters
