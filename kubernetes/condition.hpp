// SPDX-License-Identifier: Apache-2.0
// What the status of an object says in conditions, from what is wrong with the object. No clock and
// no server: times are added when it is compared with what is there already (object_status.hpp).
//
//   Accepted             the object is right, and in force as it is written
//   ResolvedRefs         everything that it refers to is there; of kinds that refer to something
//   Ready                sums up both; what `kubectl get` shows and kstatus looks at
//   PartiallyOverridden  a notice: some of its rules never decide, or not as one may think
//   Stalled              nothing but another version of the object will mend it; for GitOps tools
//
// The last two are there only while they are True.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"

namespace sluice::kubernetes {

/// metav1.Condition without times and generation.
struct Condition {
  std::string type;
  std::string status;   ///< `True`, `False` or `Unknown`
  std::string reason;   ///< for programs
  std::string message;  ///< for people
  bool operator==(const Condition&) const = default;
};

/// All types that conditions_of() may tell: those that are ours to take away.
std::span<const char* const> condition_types();

/// `diagnostics` are those of one object of the kind. The messages name the field and the remedy of
/// as many problems as there is room for.
std::vector<Condition> conditions_of(const std::string& kind,
                                     std::span<const config::Diagnostic> diagnostics);

}  // namespace sluice::kubernetes
