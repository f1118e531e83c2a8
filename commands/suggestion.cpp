// SPDX-License-Identifier: Apache-2.0
#include "commands/suggestion.hpp"

#include <algorithm>

#include "filters/rule.hpp"

namespace sluice::commands {
namespace {

/// As a pattern is written: no final dot.
std::string pattern_text(dns::NameView name) {
  std::string text = dns::to_text(name);
  text.pop_back();
  return text;
}

bool is_missing(const recordings::Tally::Entry& entry) {
  const bool is_denied = entry.verdict && entry.verdict->action == filters::Action::deny;
  return is_denied || entry.rcode == dns::Rcode::nxdomain;
}

/// Takes what is asked too rarely out of `names`; returns how many queries that were.
std::uint64_t drop_rare(std::map<std::string, std::uint64_t>& names, std::uint64_t min_count) {
  std::uint64_t dropped = 0;
  std::erase_if(names, [&](const auto& name) {
    const bool is_rare = name.second < min_count;
    dropped += is_rare ? name.second : 0;
    return is_rare;
  });
  return dropped;
}

}  // namespace

Suggestion make_suggestion(const recordings::Tally& tally, const Identities& identities,
                           const SuggestionOptions& options) {
  Suggestion suggestion;
  suggestion.cluster_zones = identities.cluster_zones();
  std::map<std::string, std::uint64_t> names;
  const auto is_in_cluster = [&](dns::NameView name) {
    return std::ranges::any_of(suggestion.cluster_zones,
                               [&](const dns::Name& zone) { return name.is_within(zone); });
  };
  tally.for_each([&](const recordings::Tally::Entry& entry) {
    const auto workload = identities.find(entry.client);
    if (!workload || workload->namespace_name != options.namespace_name) return;
    suggestion.queries += entry.count;
    const std::string text = pattern_text(entry.name);
    if (is_in_cluster(entry.name)) {
      suggestion.left_out.cluster += entry.count;
    } else if (is_missing(entry)) {
      suggestion.left_out.missing += entry.count;
    } else if (!filters::is_pattern(text)) {
      suggestion.left_out.odd += entry.count;
    } else {
      names[text] += entry.count;
    }
  });
  suggestion.left_out.rare = drop_rare(names, options.min_count);
  suggestion.groups = group_by_domain(names, PublicSuffixes());
  return suggestion;
}

}  // namespace sluice::commands
