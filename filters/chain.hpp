// SPDX-License-Identifier: Apache-2.0
// All filters that select a client, in order, ready to judge its queries:
//
//   Admin tier  ->  the tenant's own filters, then their default action  ->  Baseline tier  ->
//   Allow
//
// The first rule that matches decides. Inside a tier all rules stand in one list, and one index
// over the tier's patterns gives the rules that a name touches: one probe per label, whatever the
// number of rules. Tiers are shared between chains that select the same filters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "dns/name.hpp"
#include "filters/conditions.hpp"
#include "filters/rule_index.hpp"
#include "filters/suffix_hashes.hpp"
#include "filters/verdict.hpp"

namespace sluice::filters {

/// The rules of one tier in the order in which they are asked, and the index over their patterns.
struct CompiledTier {
  std::vector<CompiledRule> rules;
  RuleIndex index;  ///< from names to positions in `rules`; knows query types
  std::vector<std::shared_ptr<const NameSet>> lists;  ///< that rules refer to by position
  std::optional<CompiledRule> default_action;         ///< of the tenant tier; allow or deny
  QueryLogging logging = QueryLogging::none;          ///< the most that one of its filters asks for
};

/// An address that stands in an answer, or hints of SVCB records do (RFC 9460 7.3).
struct AddressInAnswer {
  dns::NameView name;  ///< that was resolved: canonical, after a Rewrite
  dns::Type type;      ///< of the question
  Address address;
};

/// Immutable and shared by all threads. Evaluation allocates nothing and never throws.
class Chain {
 public:
  struct Part {
    std::shared_ptr<const CompiledTier> tier;  ///< null: no filter of that tier selects the client
    DecisionSlot first_slot =
        no_slot;  ///< rule i has slot first_slot + i, the default comes behind the rules
  };
  /// `parts` are those of Tier::admin, Tier::tenant and Tier::baseline, their indexes all built
  /// with one seed. `cluster_zones` are exempt from the tenant tier's default Deny; shared by all
  /// chains of a snapshot, never null.
  Chain(std::array<Part, 3> parts, std::shared_ptr<const std::vector<dns::Name>> cluster_zones);

  /// Judges a question. `qname` is canonical. Audit rules and Pass on the way are
  /// added to `trail`.
  [[nodiscard]] Verdict judge(dns::NameView qname, dns::Type qtype,
                              DecisionTrail& trail) const noexcept;

  /// Judges a name that the answer to an allowed or rewritten question leads to (a CNAME target,
  /// the canonical name of a Rewrite). `question` is the verdict on the question. If that was Allow
  /// by default or by a rule with `cnameInspection: Inspect`, or a Rewrite with Inspect, the whole
  /// chain judges; behind a rule with Trust only the Denies of the Admin tier do. Anything but a
  /// Deny means: go on.
  [[nodiscard]] Verdict judge_target(const Verdict& question, dns::NameView target, dns::Type qtype,
                                     DecisionTrail& trail) const noexcept;

  /// Whether any rule looks at the addresses of answers: if none does, judge_address() need not be
  /// called.
  [[nodiscard]] bool looks_at_answers() const noexcept { return looks_at_answers_; }

  /// Judges an address in the answer to an allowed or rewritten question: by the rules with answer
  /// matchers that come before the one that decided the question. Deny means that the whole answer
  /// is denied, strip that the address is left out of it. Names of cluster zones are exempt: their
  /// addresses are private by nature.
  [[nodiscard]] Verdict judge_address(const AddressInAnswer& address,
                                      DecisionTrail& trail) const noexcept;

  /// What is asked for queries that no rule decides: the most that one of the filters wants.
  [[nodiscard]] QueryLogging logging() const noexcept { return logging_; }

  [[nodiscard]] const std::array<Part, 3>& parts() const { return parts_; }

 private:
  class Walk;
  struct Question {
    dns::NameView name;
    dns::Type type;
    SuffixHashes suffixes;
    const Address* address = nullptr;  ///< in the answer, when that is what is judged
  };
  [[nodiscard]] Question ask(dns::NameView qname, dns::Type qtype) const noexcept;
  [[nodiscard]] Verdict judge(const Question& question, DecisionTrail& trail) const noexcept;
  [[nodiscard]] std::optional<Verdict> judge_part(const Part& part, const Question& question,
                                                  DecisionTrail& trail) const noexcept;
  [[nodiscard]] std::optional<Verdict> judge_default(const Part& part,
                                                     dns::NameView qname) const noexcept;
  [[nodiscard]] bool is_in_cluster_zone(dns::NameView name) const noexcept;

  std::array<Part, 3> parts_;
  std::shared_ptr<const std::vector<dns::Name>> cluster_zones_;
  bool looks_at_answers_ = false;
  QueryLogging logging_ = QueryLogging::none;
  std::size_t deepest_ = 0;  ///< of all tiers: the suffixes of a question are hashed once for all
  std::uint64_t seed_ = 0;   ///< the tiers of a chain share it
};

}  // namespace sluice::filters
