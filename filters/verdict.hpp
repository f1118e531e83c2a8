// SPDX-License-Identifier: Apache-2.0
// What a chain says of one query: the action and the rule that decided, with all that an answer, a
// counter and an explanation need to know of that rule.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "dns/types.hpp"
#include "filters/name_set.hpp"
#include "filters/policy.hpp"

namespace sluice::filters {

/// Metrics refer to a decision by a number that stays the same as long as its labels do; see
/// DecisionSlots.
using DecisionSlot = std::uint32_t;
/// For verdicts that no rule made: the built-in Allow at the end of every chain.
inline constexpr DecisionSlot no_slot = 0;

struct RuleConditions;

/// A rule, or a filter's default action, as far as its outcome goes. Owned by the Snapshot.
struct CompiledRule {
  Tier tier = Tier::admin;
  std::uint32_t filter_number = 0;  ///< rules of one filter share it; only within a tier
  std::string filter;             ///< `namespace/name` of a DNSFilter, `name` of a ClusterDNSFilter
  std::string name;               ///< of the rule; "defaultAction" for a default
  Action action = Action::allow;  ///< as written, whatever the enforcement mode
  EnforcementMode mode = EnforcementMode::enforce;
  CnameInspection cname_inspection = CnameInspection::inspect;
  bool is_default = false;
  bool has_response = false;  ///< `response` goes before what a list's entry says
  Response response;
  Rewrite rewrite;
  dns::Ede ede =
      dns::Ede::blocked;  ///< 17 Filtered for a tenant's own rule, 15 Blocked for a cluster rule
  /// EXTRA-TEXT of RFC 8914, at most 200 octets of UTF-8: names the filter and rule, never a domain
  /// of theirs.
  std::string ede_text;
  QueryLogging logging = QueryLogging::denied;
  std::shared_ptr<const RuleConditions> conditions;  ///< null for most; see conditions.hpp

  /// Counts and goes on, by itself or because its whole filter is on trial.
  [[nodiscard]] bool only_audits() const {
    return action == Action::audit || mode == EnforcementMode::audit;
  }
  /// Decides: nothing behind it is asked.
  [[nodiscard]] bool ends_walk() const { return !only_audits() && action != Action::pass; }
  /// The rule would end the walk if its filter were not on trial: what stands behind it in the
  /// filter would not be asked, and so must not be counted.
  [[nodiscard]] bool ends_trial() const {
    return action != Action::audit && mode == EnforcementMode::audit;
  }
};

/// The outcome of a walk through a chain.
struct Verdict {
  Action action = Action::allow;       ///< allow, deny or rewrite: audit and pass never end a walk
  const CompiledRule* rule = nullptr;  ///< null: nothing decided, the built-in Allow
  DecisionSlot slot = no_slot;
  ListMatch list_match = {};  ///< what a list's entry says, where one brought the rule about

  /// What the name is to be answered with, where the rule or a list's local data says so; else
  /// null.
  [[nodiscard]] const Rewrite* rewrite() const {
    if (action == Action::rewrite) return &rule->rewrite;
    const bool has_local_data = action == Action::deny && list_match.local_data != nullptr;
    return has_local_data && !rule->has_response ? list_match.local_data : nullptr;
  }
  /// Only with Action::deny: what the client is told.
  [[nodiscard]] Response response() const {
    Response response = rule->response;
    if (rule->has_response) return response;
    if (list_match.effect == ListEffect::nxdomain) response.type = ResponseType::nxdomain;
    if (list_match.effect == ListEffect::nodata) response.type = ResponseType::nodata;
    return response;
  }
  /// Only with Action::deny: the client is told nothing (`rpz-drop`).
  [[nodiscard]] bool drops() const {
    return list_match.effect == ListEffect::drop && !rule->has_response;
  }

  /// Allowed because no rule said otherwise: the CNAME targets of the answer are judged in full.
  [[nodiscard]] bool by_default() const { return rule == nullptr || rule->is_default; }
};

/// The decisions of a walk that did not end it: rules that only audit, and Pass, in order. Holds
/// the first few: more would be noise in a log line, and `total` still counts them.
class DecisionTrail {
 public:
  static constexpr std::size_t capacity = 16;
  struct Entry {
    const CompiledRule* rule;
    DecisionSlot slot;
  };
  void add(const CompiledRule& rule, DecisionSlot slot) noexcept {
    if (size_ < capacity) entries_[size_++] = {&rule, slot};
    ++total_;
  }
  /// For rules that look at every address of an answer: each counts once.
  void add_once(const CompiledRule& rule, DecisionSlot slot) noexcept {
    for (const Entry& entry : entries()) {
      if (entry.slot == slot) return;
    }
    add(rule, slot);
  }
  void clear() noexcept { size_ = total_ = 0; }
  [[nodiscard]] std::span<const Entry> entries() const { return {entries_.data(), size_}; }
  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  std::array<Entry, capacity> entries_{};
  std::size_t size_ = 0;
  std::size_t total_ = 0;
};

}  // namespace sluice::filters
