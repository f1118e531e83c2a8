// SPDX-License-Identifier: Apache-2.0
#include "crds/rewrite_cycles.hpp"

#include <algorithm>
#include <optional>

#include "filters/name_pattern.hpp"

namespace sluice::crds {
namespace {

using filters::Action;
using filters::Rule;

std::string text_of(dns::NameView name) {
  std::string text = dns::to_text(name);
  if (text.size() > 1) text.pop_back();
  return text;
}

bool matches(filters::Pattern pattern, dns::NameView name) {
  if (name == pattern.name) return pattern.apex;
  return pattern.below && name.is_within(pattern.name);
}

bool matches_name(const Rule& rule, dns::NameView name) {
  if (rule.domains.empty() && rule.patterns.empty() && rule.lists.empty()) return true;
  const auto matches_it = [name](filters::Pattern pattern) { return matches(pattern, name); };
  if (std::any_of(rule.domains.begin(), rule.domains.end(), matches_it)) return true;
  return std::any_of(rule.patterns.begin(), rule.patterns.end(), [name](const auto& text) {
    const auto pattern = filters::NamePattern::compile(text);
    return pattern && pattern->matches(text_of(name));
  });
}

using Types = std::vector<dns::Type>;

bool intersect(const Types& left, const Types& right) {
  return left.empty() || right.empty() ||
         std::find_first_of(left.begin(), left.end(), right.begin(), right.end()) != left.end();
}

bool includes(const Types& all, const Types& some) {
  if (all.empty()) return true;
  return !some.empty() && std::all_of(some.begin(), some.end(), [&all](dns::Type type) {
    return std::find(all.begin(), all.end(), type) != all.end();
  });
}

bool is_rewrite(const Rule& rule) {
  return rule.action == Action::rewrite && rule.rewrite->canonical_name;
}

/// The rewrite that the target of `from` meets, if it meets one before anything else decides.
std::optional<std::size_t> next_rewrite(const filters::Rules& rules, const Rule& from) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Rule& rule = rules[i];
    const bool may_decide =
        rule.action != Action::audit && !rule.schedule.is_given() && rule.answer_prefixes.empty();
    if (!may_decide || !intersect(rule.query_types, from.query_types)) continue;
    if (!matches_name(rule, *from.rewrite->canonical_name)) continue;
    if (is_rewrite(rule)) return i;
    if (includes(rule.query_types, from.query_types)) return std::nullopt;
  }
  return std::nullopt;
}

using Next = std::vector<std::optional<std::size_t>>;

/// The rule before the one that leads back to `start`, if one does.
std::optional<std::size_t> last_of_cycle(const Next& next, std::size_t start) {
  std::size_t at = start;
  for (std::size_t steps = 0; steps < next.size(); ++steps) {
    if (!next[at]) return std::nullopt;
    if (*next[at] == start) return at;
    at = *next[at];
  }
  return std::nullopt;
}

}  // namespace

void check_rewrite_cycles(const Field& field, const filters::Rules& rules) {
  Next next(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (is_rewrite(rules[i])) next[i] = next_rewrite(rules, rules[i]);
  }
  const auto items = field.items();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto last = last_of_cycle(next, i);
    if (!last) continue;
    const std::string by = *last == i
                               ? "this rule rewrites that name too"
                               : "rule '" + rules[*last].name + "' rewrites to a name of this rule";
    items[i]
        .child("rewrite")
        .child("canonicalName")
        .reject("must not lead back to itself: " + by + "; put an Allow rule for '" +
                text_of(*rules[i].rewrite->canonical_name) +
                "' before them, or rewrite to another name");
  }
}

}  // namespace sluice::crds
