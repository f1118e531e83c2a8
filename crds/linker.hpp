// SPDX-License-Identifier: Apache-2.0
// What only all objects together show, and what comes into force then: references, delegation,
// quotas, namespaces that two tenants claim. Runs whenever manifests have changed.
//
//   an object that cannot be in force as it stands   -> its last good version, if that still can
//   a filter of which no version can be in force     -> a broken one: it has no rules, and those
//                                                       whom it selects fall to FailureMode
//   any other object                                 -> is not there
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crds/manifest.hpp"
#include "crds/references.hpp"

namespace sluice::crds {

/// What is known of the world outside of the manifests.
struct Surroundings {
  /// Names of the upstreams that sluice.yaml defines. Nothing: not known, so that an upstream that
  /// is found nowhere is taken to be there.
  std::optional<std::set<std::string>> upstream_names;
  Warnings warnings = Warnings::all;
};

/// One object that the manifests declare, or may still declare.
struct Candidate {
  std::shared_ptr<const Origin> origin;  ///< for problems; without places when it stands nowhere
  PolicyPointer stated;                  ///< what the manifests say; null when that is wrong
  PolicyPointer last_good;               ///< what was in force and not broken; null if nothing was
  PolicyPointer broken;                  ///< what stands for a filter of which no version is right
  PolicyPointer in_force;                ///< out: null for nothing
  bool is_wrong = false;                 ///< in and out: not in force as it stands
};

using Candidates = std::map<ObjectKey, Candidate>;
using Policies = std::map<ObjectKey, PolicyPointer>;

/// Decides of every candidate what is in force. `departed` is what was in force and is declared no
/// more; those of it that something in force relies on are returned, and stay. Problems and
/// warnings go to `diagnostics`.
Policies link(Candidates& candidates, const Policies& departed, const Surroundings& surroundings,
              config::Diagnostics& diagnostics);

}  // namespace sluice::crds
