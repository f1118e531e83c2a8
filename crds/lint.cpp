// SPDX-License-Identifier: Apache-2.0
#include "crds/lint.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "crds/shadowing.hpp"

namespace sluice::crds {
namespace {

using filters::Action;
using filters::Filter;
using filters::Pattern;

void warn(config::Diagnostic diagnostic, const char* reason, config::Diagnostics& diagnostics) {
  diagnostic.reason = reason;
  diagnostics.push_back(std::move(diagnostic));
}

std::string text_of(dns::NameView name) {
  std::string text = dns::to_text(name);
  text.pop_back();
  return text;
}

/// Names about which some rule says something of their own.
std::set<std::string> apexes_of(const Filter& filter) {
  std::set<std::string> names;
  for (const auto& rule : filter.rules) {
    for (const Pattern pattern : rule.domains) {
      if (pattern.apex) names.insert(dns::to_text(pattern.name));
    }
  }
  return names;
}

std::string without_apex(const std::string& name) {
  return "'*." + name + "' does not match '" + name + "' itself; write '." + name +
         "' if that is meant too";
}

void lint_wildcards(const Filter& filter, const Origin& origin, config::Diagnostics& diagnostics) {
  const auto apexes = apexes_of(filter);
  for (std::size_t i = 0; i < filter.rules.size(); ++i) {
    std::size_t position = 0;
    for (const Pattern pattern : filter.rules[i].domains) {
      const std::string path = rule_path(i) + ".domains[" + std::to_string(position++) + ']';
      if (pattern.apex || apexes.contains(dns::to_text(pattern.name))) continue;
      warn(origin.warning(path, without_apex(text_of(pattern.name))), "WildcardWithoutApex",
           diagnostics);
    }
  }
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// A dot between two letters or digits, not escaped and not in brackets: `api.example`.
bool has_bare_dot(const std::string& pattern) {
  bool is_in_brackets = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
      continue;
    }
    if (pattern[i] == '[') is_in_brackets = true;
    if (pattern[i] == ']') is_in_brackets = false;
    const bool is_inside = i > 0 && i + 1 < pattern.size();
    if (pattern[i] != '.' || is_in_brackets || !is_inside) continue;
    if (is_word_character(pattern[i - 1]) && is_word_character(pattern[i + 1])) return true;
  }
  return false;
}

void lint_patterns(const Filter& filter, const Origin& origin, config::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < filter.rules.size(); ++i) {
    const auto& rule = filter.rules[i];
    for (std::size_t j = 0; rule.action == Action::allow && j < rule.patterns.size(); ++j) {
      if (!has_bare_dot(rule.patterns[j])) continue;
      warn(origin.warning(rule_path(i) + ".patterns[" + std::to_string(j) + ']',
                          "a '.' in a regular expression matches any character, so that other "
                          "names are allowed too; write '[.]' for a dot"),
           "UnescapedDot", diagnostics);
    }
  }
}

bool matches_everything(const filters::Rule& rule) {
  return rule.query_types.empty() && rule.patterns.empty() && rule.answer_prefixes.empty() &&
         !rule.schedule.is_given() && std::ranges::any_of(rule.domains, [](Pattern pattern) {
           return pattern.below && pattern.name.is_root();
         });
}

/// An allow-list ends like that, which is why nothing is said where something is allowed before.
void lint_broad_denial(const Filter& filter, const Origin& origin,
                       config::Diagnostics& diagnostics) {
  if (filter.tier != filters::Tier::tenant || !filter.pod_selector.requirements.empty()) return;
  for (std::size_t i = 0; i < filter.rules.size(); ++i) {
    const auto& rule = filter.rules[i];
    if (rule.action == Action::allow || rule.action == Action::pass) return;
    if (rule.action != Action::deny || !matches_everything(rule)) continue;
    warn(origin.warning(rule_path(i),
                        "denies every name to every pod of the namespace; select pods, or allow "
                        "first what they need"),
         "DeniesEverything", diagnostics);
    return;
  }
}

/// Whoever may make pods chooses their labels.
void lint_pod_labels(const Filter& filter, const Origin& origin, config::Diagnostics& diagnostics) {
  const auto& selector = filter.subject.pod_selector;
  if (filter.tier != filters::Tier::admin || !selector || selector->requirements.empty()) return;
  warn(origin.warning("spec.subject.podSelector",
                      "tenants set the labels of their pods, and may escape so; use tenantNames or "
                      "namespaceSelector"),
       "TenantOwnedLabels", diagnostics);
}

}  // namespace

void lint_shadowing(const Filter& filter, const Origin& origin, config::Diagnostics& diagnostics) {
  for (const Shadow& shadow : find_shadows(filter.rules)) {
    warn(origin.warning(rule_path(shadow.rule),
                        "never decides anything: rule '" + filter.rules[shadow.by].name +
                            "' before it matches all that this one does; put this rule first, or "
                            "remove it"),
         "RuleShadowed", diagnostics);
  }
}

void lint(const Filter& filter, const Origin& origin, config::Diagnostics& diagnostics) {
  lint_wildcards(filter, origin, diagnostics);
  lint_patterns(filter, origin, diagnostics);
  lint_shadowing(filter, origin, diagnostics);
  lint_broad_denial(filter, origin, diagnostics);
  lint_pod_labels(filter, origin, diagnostics);
  const bool has_default = filter.default_action != filters::DefaultAction::inherit;
  if (has_default && filter.mode == filters::EnforcementMode::audit)
    warn(origin.warning("spec.defaultAction", "has no effect while `enforcementMode` is 'Audit'"),
         "DefaultIgnored", diagnostics);
}

}  // namespace sluice::crds
