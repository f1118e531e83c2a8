// SPDX-License-Identifier: Apache-2.0
#include "filters/selector.hpp"

#include <algorithm>

namespace sluice::filters {
namespace {

bool holds(const LabelSelector::Requirement& requirement, const Labels& labels) {
  using Operator = LabelSelector::Operator;
  const auto label = labels.find(requirement.key);
  const bool present = label != labels.end();
  const auto is_listed = [&] {
    return std::find(requirement.values.begin(), requirement.values.end(), label->second) !=
           requirement.values.end();
  };
  switch (requirement.op) {
    case Operator::in:
      return present && is_listed();
    // As in Kubernetes: a label that is not there has none of the values.
    case Operator::not_in:
      return !present || !is_listed();
    case Operator::exists:
      return present;
    case Operator::does_not_exist:
      return !present;
  }
  return false;
}

}  // namespace

bool LabelSelector::matches(const Labels& labels) const {
  return std::all_of(requirements.begin(), requirements.end(),
                     [&](const Requirement& requirement) { return holds(requirement, labels); });
}

}  // namespace sluice::filters
