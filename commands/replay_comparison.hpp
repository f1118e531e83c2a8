// SPDX-License-Identifier: Apache-2.0
// Recorded questions judged anew: which would be answered otherwise, by tenant and rule.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "commands/identities.hpp"
#include "commands/policy_judge.hpp"
#include "recordings/tally.hpp"

namespace sluice::commands {

enum class ChangeKind : std::uint8_t {
  newly_denied,
  newly_allowed,
  newly_rewritten,
  on_trial,  ///< a filter in Audit mode would change it; nothing changes yet
};

/// "newly denied".
const char* to_text(ChangeKind kind);

struct ChangeKey {
  std::string tenant;
  ChangeKind kind = ChangeKind::newly_denied;
  std::string rule;  ///< that makes the change, or that does not decide any more
  auto operator<=>(const ChangeKey&) const = default;
};

struct Change {
  std::uint64_t queries = 0;
  std::map<std::string, std::uint64_t> questions;  ///< "www.example. A" and how often
};

struct Comparison {
  std::map<ChangeKey, Change> changes;
  std::uint64_t judged = 0;
  std::uint64_t unknown = 0;  ///< queries of clients that nobody knows: left out

  /// Queries that would be answered otherwise.
  [[nodiscard]] std::uint64_t changed() const;
  [[nodiscard]] std::uint64_t queries(ChangeKind kind) const;
};

/// Compares `judge` to `baseline`, or to what was recorded if that is null. A recording without
/// verdicts counts as allowed.
Comparison compare(const recordings::Tally& tally, const Identities& identities, PolicyJudge& judge,
                   PolicyJudge* baseline);

}  // namespace sluice::commands
