// SPDX-License-Identifier: Apache-2.0
#include "crds/delegation.hpp"

#include <algorithm>

namespace sluice::crds {
namespace {

using filters::Action;

const char* text_of(Action action) {
  switch (action) {
    case Action::allow:
      return "Allow";
    case Action::deny:
      return "Deny";
    case Action::rewrite:
      return "Rewrite";
    case Action::audit:
      return "Audit";
    case Action::strip:
      return "Strip";
    case Action::pass:
      break;
  }
  return "Pass";
}

std::string text_of(const std::vector<Action>& actions) {
  std::string text;
  for (const Action action : actions) {
    text += (text.empty() ? "" : ", ") + std::string(text_of(action));
  }
  return text.empty() ? "none" : text;
}

std::optional<Action> action_of(filters::DefaultAction action) {
  if (action == filters::DefaultAction::allow) return Action::allow;
  if (action == filters::DefaultAction::deny) return Action::deny;
  return std::nullopt;
}

std::bitset<filters::action_count> set_of(const std::vector<Action>& actions) {
  std::bitset<filters::action_count> set;
  for (const Action action : actions)
    set.set(static_cast<std::size_t>(action));
  return set;
}

std::string too_many(const filters::Tenant& tenant, const std::string& what, std::size_t limit,
                     const std::string& where) {
  return "the filters of tenant '" + tenant.name + "' would have more than " +
         std::to_string(limit) + ' ' + what + " (" + where +
         "); remove some that are not needed any more" +
         (where.starts_with('`') ? ", or ask the platform for more" : "");
}

}  // namespace

config::Diagnostics check_delegation(const filters::Filter& filter, const filters::Tenant& tenant,
                                     const Origin& origin) {
  config::Diagnostics problems;
  const auto& allowed = tenant.delegation.allowed_actions;
  const auto is_allowed = [&](Action action) {
    return std::ranges::find(allowed, action) != allowed.end();
  };
  const auto reject = [&](Action action, const std::string& path) {
    auto problem = origin.problem(
        path, std::string(text_of(action)) + " is not delegated to tenant '" + tenant.name +
                  "', which may use: " + text_of(allowed) +
                  "; use one of these, or ask the platform for `delegation.allowedActions`");
    problem.reason = "ActionNotDelegated";
    problems.push_back(std::move(problem));
  };
  if ((filter.rules.totals().actions & ~set_of(allowed)).any()) {
    for (std::size_t i = 0; i < filter.rules.size(); ++i) {
      const Action action = filter.rules[i].action;
      if (!is_allowed(action)) reject(action, rule_path(i) + ".action");
    }
  }
  const auto action = action_of(filter.default_action);
  if (action && !is_allowed(*action)) reject(*action, "spec.defaultAction");
  return problems;
}

void TenantUsage::add(const filters::Filter& filter) {
  const filters::RuleTotals& totals = filter.rules.totals();
  ++filters_;
  patterns_ += totals.patterns;
  names_ += totals.domains + totals.patterns;
  if (!totals.has_lists) return;
  for (const filters::Rule& rule : filter.rules) {
    for (const filters::ListKey& key : rule.lists) {
      // Lists of the platform are its own affair.
      if (references_[key]++ == 0 && !key.namespace_name.empty()) names_ += sizes_->at(key);
    }
  }
}

void TenantUsage::remove(const filters::Filter& filter) {
  const filters::RuleTotals& totals = filter.rules.totals();
  --filters_;
  patterns_ -= totals.patterns;
  names_ -= totals.domains + totals.patterns;
  if (!totals.has_lists) return;
  for (const filters::Rule& rule : filter.rules) {
    for (const filters::ListKey& key : rule.lists) {
      const auto reference = references_.find(key);
      if (--reference->second > 0) continue;
      references_.erase(reference);
      if (!key.namespace_name.empty()) names_ -= sizes_->at(key);
    }
  }
}

std::optional<std::string> TenantUsage::try_add(const filters::Filter& filter) {
  add(filter);
  auto problem = excess();
  if (problem) remove(filter);
  return problem;
}

std::optional<std::string> TenantUsage::excess() const {
  const auto& delegation = tenant_->delegation;
  if (filters_ > delegation.max_filters) {
    return "tenant '" + tenant_->name +
           "' has no room for another filter: `delegation.maxFilters` is " +
           std::to_string(delegation.max_filters) +
           "; remove one that is not needed any more, or ask the platform for more";
  }
  if (names_ > delegation.max_domains)
    return too_many(*tenant_, "names", delegation.max_domains, "`delegation.maxDomains`");
  if (references_.size() > max_lists_per_tenant)
    return too_many(*tenant_, "lists", max_lists_per_tenant, "the limit for one tenant");
  if (patterns_ > max_patterns_per_tenant)
    return too_many(*tenant_, "patterns", max_patterns_per_tenant, "the limit for one tenant");
  return std::nullopt;
}

}  // namespace sluice::crds
