// SPDX-License-Identifier: Apache-2.0
// Every right and every wrong object that our unit tests and examples hold, each with what Sluice
// says of it, for asking somebody else as well.
#pragma once

#include <string>
#include <vector>

#include "crds/manifest.hpp"

namespace sluice::tests {

struct ObjectVector {
  std::string name;  ///< where it is from, or what is wrong with it
  crds::ObjectKey key;
  std::string object;            ///< in YAML
  bool is_right = false;         ///< for an API server, which cannot check all that Sluice does
  config::Diagnostics problems;  ///< what Sluice says of it
};

/// Of tests/unit/crds/wrong: those with something wrong in their spec.
std::vector<ObjectVector> wrong_objects();
/// Of crds/examples and of tests/unit/crds/linked.
std::vector<ObjectVector> right_objects();

}  // namespace sluice::tests
