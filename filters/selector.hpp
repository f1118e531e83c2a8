// SPDX-License-Identifier: Apache-2.0
// Kubernetes label selectors (metav1.LabelSelector): all requirements must hold; none selects
// everything.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sluice::filters {

using Labels = std::map<std::string, std::string, std::less<>>;

struct LabelSelector {
  enum class Operator : std::uint8_t { in, not_in, exists, does_not_exist };
  struct Requirement {
    std::string key;
    Operator op = Operator::exists;
    std::vector<std::string> values;
    bool operator==(const Requirement&) const = default;
  };

  /// `matchLabels` and `matchExpressions` together; the former are Operator::in with one value.
  std::vector<Requirement> requirements;

  [[nodiscard]] bool matches(const Labels& labels) const;
  [[nodiscard]] bool empty() const { return requirements.empty(); }
  bool operator==(const LabelSelector&) const = default;
};

}  // namespace sluice::filters
