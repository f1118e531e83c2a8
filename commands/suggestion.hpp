// SPDX-License-Identifier: Apache-2.0
// From what a namespace asked to the shortest allow-list that covers it, as a DNSFilter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/domain_groups.hpp"
#include "commands/identities.hpp"
#include "filters/policy.hpp"
#include "recordings/tally.hpp"

namespace sluice::commands {

struct SuggestionOptions {
  std::string namespace_name;
  std::string filter_name = "suggested";
  std::uint64_t min_count = 1;  ///< names asked for less often are left out
  filters::EnforcementMode mode = filters::EnforcementMode::audit;
};

/// Queries of the namespace that the list does not cover, by reason.
struct LeftOut {
  std::uint64_t cluster = 0;  ///< the cluster's own names need no rule
  std::uint64_t missing = 0;  ///< denied, or the name does not exist
  std::uint64_t rare = 0;     ///< below the minimum
  std::uint64_t odd = 0;      ///< names that no pattern can be written for
};

struct Suggestion {
  std::vector<DomainGroup> groups;
  LeftOut left_out;
  std::uint64_t queries = 0;  ///< of the namespace in all
  std::vector<dns::Name> cluster_zones;
};

/// Looks at the queries whose client is in the namespace.
Suggestion make_suggestion(const recordings::Tally& tally, const Identities& identities,
                           const SuggestionOptions& options);

/// The filter as a manifest with comments; nothing when more names are needed than a filter can
/// hold.
std::optional<std::string> to_manifest(const Suggestion& suggestion,
                                       const SuggestionOptions& options);

}  // namespace sluice::commands
