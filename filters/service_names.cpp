// SPDX-License-Identifier: Apache-2.0
#include "filters/service_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "filters/suffix_hashes.hpp"

namespace sluice::filters {
namespace {

std::span<const std::uint8_t> octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(std::span<const std::uint8_t> octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

/// `label` in front of a zone; the root where that would be too long.
dns::Name below(std::string_view label, dns::NameView zone) {
  dns::Name name;
  bool fits = name.append_label(octets_of(label));
  for (; fits && !zone.is_root(); zone = zone.parent())
    fits = name.append_label(zone.first_label());
  return fits ? name : dns::Name();
}

/// 64 bits as 16 letters: a label that begins with a letter, as namespaces and services do.
std::array<char, 16> letters_of(std::uint64_t hash) {
  std::array<char, 16> letters{};
  for (char& letter : letters) {
    letter = static_cast<char>('a' + (hash & 15));
    hash >>= 4;
  }
  return letters;
}

/// The label directly in front of `base`, of a name below it.
std::span<const std::uint8_t> label_before(dns::NameView base, dns::NameView name) {
  while (name.parent().size() != base.size())
    name = name.parent();
  return name.first_label();
}

}  // namespace

ServiceNames::ServiceNames(const std::vector<dns::Name>& zones,
                           const std::vector<std::string>& namespaces, std::uint64_t seed)
    : namespaces_(namespaces.begin(), namespaces.end()), seed_(seed) {
  for (const dns::Name& zone : zones) {
    bases_.push_back(below("svc", zone));
    bases_.push_back(below("pod", zone));
  }
}

bool ServiceNames::hides(dns::NameView name) const noexcept {
  return std::any_of(bases_.begin(), bases_.end(), [&](const dns::Name& base) {
    return name.is_within(base) && !(name == base.view()) &&
           !namespaces_.contains(text_of(label_before(base, name)));
  });
}

dns::Name ServiceNames::stand_in(dns::NameView name) const noexcept {
  const SuffixHashes hashes(name, dns::max_labels, seed_);
  const std::uint64_t hash = hashes.hash(hashes.label_count());
  const auto letters = letters_of(hash);
  const std::string_view label(letters.data(), letters.size());
  for (const dns::Name& base : bases_) {
    if (!name.is_within(base) || name == base.view()) continue;
    // A namespace of that name alone, or something in it: as deep as what is asked for, up to two.
    const dns::Name space = below(label, base);
    return name.parent() == base.view() ? space : below(label, space);
  }
  // Not a service's name, but one that leads to a service: the reverse name of its address. A name
  // that leaves no room below itself gives up as many labels as it takes.
  dns::Name longer = below(label, name);
  for (; longer.view().is_root(); longer = below(label, name))
    name = name.parent();
  return longer;
}

}  // namespace sluice::filters
