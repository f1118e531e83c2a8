// SPDX-License-Identifier: Apache-2.0
#include "crds/selector_decoder.hpp"

#include <re2/re2.h>

#include "crds/enumeration.hpp"

namespace sluice::crds {
namespace {

using Operator = filters::LabelSelector::Operator;
using Requirement = filters::LabelSelector::Requirement;

constexpr std::array operators = {
    Word{"In", Operator::in},
    Word{"NotIn", Operator::not_in},
    Word{"Exists", Operator::exists},
    Word{"DoesNotExist", Operator::does_not_exist},
};

/// 253 for the prefix, 63 for the name: apimachinery's IsQualifiedName.
constexpr std::size_t max_key_octets = 253 + 1 + 63;
constexpr std::size_t max_value_octets = 63;

bool is_label_key(const std::string& text) {
  static const RE2 pattern(
      "([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
  return text.size() <= max_key_octets && RE2::FullMatch(text, pattern);
}

bool is_label_value(const std::string& text) {
  static const RE2 pattern("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");
  return text.size() <= max_value_octets && RE2::FullMatch(text, pattern);
}

void check_key(const Field::Entry& entry) {
  if (is_label_key(entry.name)) return;
  entry.value.report().add(entry.line, entry.value.path(),
                           "not a label key; expected one such as 'app' or 'example.com/team'");
}

Requirement decode_requirement(const Field& field) {
  Requirement requirement;
  requirement.key = field.child("key").text().value_or("");
  const Field values = field.child("values");
  for (const Field& value : values.items()) {
    requirement.values.push_back(value.text().value_or(""));
  }
  const auto op = decode_word(field.child("operator"), operators);
  if (!op) return requirement;
  requirement.op = *op;
  const bool needs_values = *op == Operator::in || *op == Operator::not_in;
  if (needs_values == requirement.values.empty() && !values.is_rejected())
    field.reject("must have `values` if and only if `operator` is 'In' or 'NotIn'");
  return requirement;
}

}  // namespace

filters::LabelSelector decode_selector(const Field& selector) {
  filters::LabelSelector result;
  for (const auto& label : selector.child("matchLabels").entries()) {
    check_key(label);
    result.requirements.push_back({label.name, Operator::in, {label.value.text().value_or("")}});
  }
  for (const Field& requirement : selector.child("matchExpressions").items()) {
    result.requirements.push_back(decode_requirement(requirement));
  }
  return result;
}

filters::Labels decode_labels(const Field& labels) {
  filters::Labels result;
  if (labels.is_defined() && !labels.node().is_null() && !labels.node().is_mapping())
    labels.reject_value("a mapping");
  for (const auto& label : labels.entries()) {
    if (labels.report().is_full()) break;
    check_key(label);
    const auto text = label.value.text();
    if (!text || !is_label_value(*text)) {
      const bool is_unquoted = label.value.node().is_scalar() && !text;
      label.value.reject_value(std::string("a label value (letters, digits, '-', '_' and '.', at "
                                           "most 63 characters)") +
                               (is_unquoted ? "; put it in quotes" : ""));
    }
    result[label.name] = text.value_or("");
  }
  return result;
}

}  // namespace sluice::crds
