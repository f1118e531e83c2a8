// SPDX-License-Identifier: Apache-2.0
#include "filters/name_set_builder.hpp"

#include <algorithm>

namespace sluice::filters {
namespace {

/// Seven of ten slots are taken: a miss then looks at six neighbouring slots on average, which is a
/// cache line or two.
constexpr std::size_t slots_for(std::size_t names) {
  return names + names * 3 / 7 + 2;
}

/// How far ahead slots are fetched while inserting: as many misses as a core has under way.
constexpr std::size_t fetch_ahead = 16;

/// Equal for equal data: what tells local data apart in a map.
std::string key_of(const Rewrite& data) {
  std::string key(1, data.canonical_name ? 'c' : 'a');
  if (data.canonical_name) {
    const auto wire = data.canonical_name->view().wire();
    key.append(wire.begin(), wire.end());
  }
  for (const Address& address : data.addresses)
    key.append(address.octets().begin(), address.octets().end());
  return key + std::to_string(data.ttl_seconds);
}

}  // namespace

void NameSet::Builder::add(dns::NameView name, EntryReach reach, EntryAction action) {
  static constexpr std::array<Payload, 3> places{apex, below, apex | below};
  Payload payload = places.at(static_cast<std::size_t>(reach));
  switch (action) {
    case EntryAction::important:
      payload |= important;
      break;
    case EntryAction::exception:
      payload = exception;
      break;
    case EntryAction::important_exception:
      payload = important_exception;
      break;
    default:
      payload |= static_cast<Payload>(static_cast<unsigned>(action) << effect_shift);
  }
  if (blocks_.empty() || blocks_.back()->size == Block::capacity) {
    blocks_.push_back(std::make_unique_for_overwrite<Block>());
    blocks_.back()->size = 0;
  }
  Block& block = *blocks_.back();
  block.hashes[block.size] = hash_of(name);
  block.payloads[block.size] = payload;
  ++block.size;
  ++count_;
  set_.has_precedence_ |= (payload & precedence) != 0;
}

LocalDataProblem NameSet::Builder::add_local_data(dns::NameView name, EntryReach reach,
                                                  const Rewrite& data) {
  Sides& sides = local_[hash_of(name)];
  auto problem = LocalDataProblem::none;
  if (reach != EntryReach::below) problem = extend(sides.at_apex, data);
  if (reach != EntryReach::name && problem == LocalDataProblem::none)
    problem = extend(sides.at_below, data);
  return problem;
}

void NameSet::Builder::add(const Prefix& prefix, EntryAction action) {
  const auto effect = static_cast<Effect>(action);
  const auto [entry, is_new] = addresses_.try_emplace(prefix, effect);
  if (!is_new && entry->second >= first_local_data) entry->second = effect;
}

LocalDataProblem NameSet::Builder::add_local_data(const Prefix& prefix, const Rewrite& data) {
  const auto found = addresses_.find(prefix);
  if (found != addresses_.end() && found->second < first_local_data) return LocalDataProblem::none;
  std::optional<Effect> effect;
  if (found != addresses_.end()) effect = found->second;
  const auto problem = extend(effect, data);
  if (effect) addresses_[prefix] = *effect;
  return problem;
}

NameSet NameSet::Builder::finish() && {
  const std::size_t names = count_ + local_.size();
  if (names > 0) {
    fill(slots_for(names));
    // Many duplicates would leave the table emptier than it need be.
    if (slots_for(set_.size_) < set_.slots_.size() / 8 * 7) fill(slots_for(set_.size_));
  }
  set_.local_data_.shrink_to_fit();
  lay_out_addresses();
  return std::move(set_);
}

std::uint64_t NameSet::Builder::hash_of(dns::NameView name) {
  const SuffixHashes hashes(name, dns::max_labels, set_.seed_);
  const std::size_t labels = hashes.label_count();
  set_.shallowest_ = std::min(set_.shallowest_, labels);
  set_.deepest_ = std::max(set_.deepest_, labels);
  return hashes.hash(labels);
}

LocalDataProblem NameSet::Builder::extend(std::optional<Effect>& effect, const Rewrite& data) {
  Rewrite all = data;
  if (effect) {
    const Rewrite& before = set_.local_data_[*effect - first_local_data];
    if (before.canonical_name || data.canonical_name) return LocalDataProblem::conflict;
    all = before;
    all.addresses.insert(all.addresses.end(), data.addresses.begin(), data.addresses.end());
    if (all.addresses.size() > max_addresses) return LocalDataProblem::too_many_addresses;
  }
  const auto next = first_local_data + static_cast<Effect>(set_.local_data_.size());
  const auto [kind, is_new] = kinds_.try_emplace(key_of(all), next);
  if (is_new) {
    if (set_.local_data_.size() == max_local_data) {
      kinds_.erase(kind);
      return LocalDataProblem::too_many_kinds;
    }
    set_.local_data_.push_back(std::move(all));
  }
  effect = kind->second;
  return LocalDataProblem::none;
}

void NameSet::Builder::fill(std::size_t slot_count) {
  set_.slots_ = {};  // before there is a second one
  set_.slots_ = std::vector<std::uint64_t>(slot_count);
  set_.sides_.clear();
  set_.size_ = 0;
  insert_blocks();
  for (const auto& [hash, sides] : local_) {
    if (sides.at_apex) insert_effect(hash, apex, *sides.at_apex);
    if (sides.at_below) insert_effect(hash, below, *sides.at_below);
  }
}

void NameSet::Builder::insert_blocks() {
  for (const auto& block : blocks_) {
    for (std::size_t i = 0; i < block->size; ++i) {
      if (i + fetch_ahead < block->size)
        __builtin_prefetch(&set_.slots_[set_.place_of(block->hashes[i + fetch_ahead])], 1);
      insert(block->hashes[i], block->payloads[i]);
    }
  }
}

std::uint64_t& NameSet::Builder::slot_of(std::uint64_t hash) {
  const std::uint64_t tag = hash << 8;
  std::size_t place = set_.place_of(hash);
  while (set_.slots_[place] != 0 && (set_.slots_[place] & ~std::uint64_t{0xff}) != tag) {
    if (++place == set_.slots_.size()) place = 0;
  }
  return set_.slots_[place];
}

void NameSet::Builder::insert(std::uint64_t hash, Payload payload) {
  std::uint64_t& slot = slot_of(hash);
  if (slot == 0) {
    slot = hash << 8 | payload;
    ++set_.size_;
    return;
  }
  auto joined = static_cast<Payload>(slot);
  join(joined, payload, hash);
  slot = hash << 8 | joined;
}

/// Entries of one name: flags add up, effects at different places stay apart.
void NameSet::Builder::join(Payload& slot, Payload payload, std::uint64_t hash) {
  slot |= payload & precedence;
  const Payload where = payload & (apex | below);
  const Payload taken = slot & (apex | below);
  const auto fresh = static_cast<Payload>(where & ~taken);
  if (fresh == 0) return;
  slot |= fresh;
  const auto effect = static_cast<Effect>(payload >> effect_shift);
  if (taken == 0) {
    slot |= static_cast<Payload>(effect << effect_shift);
  } else if (static_cast<Effect>(slot >> effect_shift) != effect) {
    keep_apart(slot, hash);
    (fresh == apex ? set_.sides_[hash].at_apex : set_.sides_[hash].at_below) = effect;
  }
}

/// Moves what a slot says of its places to the side, where each has an effect of its own.
void NameSet::Builder::keep_apart(Payload& slot, std::uint64_t hash) {
  const auto effect = static_cast<Effect>(slot >> effect_shift);
  if (effect == in_sides) return;
  set_.sides_[hash] = {effect, effect};
  slot |= static_cast<Payload>(in_sides << effect_shift);
}

/// Like insert(), for effects that need not fit into a payload.
void NameSet::Builder::insert_effect(std::uint64_t hash, Payload where, Effect effect) {
  if (effect < in_sides) {
    insert(hash, static_cast<Payload>(where | effect << effect_shift));
    return;
  }
  std::uint64_t& slot = slot_of(hash);
  if ((slot & where) != 0) return;
  auto payload = static_cast<Payload>(slot);
  if (slot == 0) ++set_.size_;
  keep_apart(payload, hash);
  (where == apex ? set_.sides_[hash].at_apex : set_.sides_[hash].at_below) = effect;
  slot = hash << 8 | payload | where;
}

void NameSet::Builder::lay_out_addresses() {
  set_.addresses_.reserve(addresses_.size());
  for (const auto& [prefix, effect] : addresses_) {
    set_.addresses_.push_back({prefix, effect});
    set_.address_lengths_.push_back(prefix.length);
  }
  auto& lengths = set_.address_lengths_;
  std::ranges::sort(lengths, std::greater<>());
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  lengths.shrink_to_fit();
  set_.size_ += addresses_.size();
}

}  // namespace sluice::filters
