// SPDX-License-Identifier: Apache-2.0
// A chain's verdict on one question, rule by rule: for people who ask why. Slow and thorough, where
// Chain::judge() is quick; a test holds the two against each other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "filters/chain.hpp"

namespace sluice::filters {

/// What became of a rule in the walk through its chain.
enum class RuleOutcome : std::uint8_t {
  no_match,
  decides,
  audits,      ///< matched, counted, and the walk went on
  passes,      ///< matched, and the walk went on with the next tier
  waits,       ///< matched, and will look at the addresses of the answer
  not_reached  ///< something before it had decided, or passed
};

struct ExplainedRule {
  const CompiledRule* rule;  ///< owned by the chain
  RuleOutcome outcome;
};

struct Explanation {
  Verdict verdict;
  /// Of all tiers, in the order in which they are asked, default actions included. A rule that can
  /// never be reached for this name counts as no_match.
  std::vector<ExplainedRule> rules;
};

/// `name` is canonical.
Explanation explain(const Chain& chain, dns::NameView name, dns::Type type);

/// What in a rule as it was written matches a name: "domain .pool.example", "pattern ad[0-9]+",
/// "ClusterDomainList malware", "every name". Empty if nothing does. `name` is canonical.
std::string matcher_of(const Rule& rule, dns::NameView name, const NameSets& lists);

}  // namespace sluice::filters
