// SPDX-License-Identifier: Apache-2.0
#include "filters/compiler.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "filters/compile_tier.hpp"
#include "filters/tenancy.hpp"

namespace sluice::filters {
namespace {

/// Positions in the list of all filters, in the order in which these are asked.
using Selection = std::vector<std::size_t>;

using FilterPointer = Shared<Filter>::Pointer;

/// Within a tier by priority and name; the rest only makes the order complete.
bool is_asked_before(const Filter& left, const Filter& right) {
  return std::tie(left.priority, left.name, left.namespace_name, left.tier) <
         std::tie(right.priority, right.name, right.namespace_name, right.tier);
}

/// Whether the tier that a filter is part of depends on nothing but filters.
bool is_lasting(const FilterPointer& filter) {
  const RuleTotals& totals = filter->rules.totals();
  return !totals.has_lists && !totals.has_schedules;
}

bool matches(const std::optional<LabelSelector>& selector, const Labels& labels) {
  return !selector || selector->matches(labels);
}

bool is_about(const Subject& subject, const NamespaceIdentity& space, const Labels& pod) {
  const auto& names = subject.tenant_names;
  const bool is_named =
      names.empty() || std::find(names.begin(), names.end(), space.tenant) != names.end();
  return is_named && matches(subject.namespace_selector, space.labels) &&
         matches(subject.pod_selector, pod);
}

bool is_about_everybody(const Subject& subject) {
  const auto selects_all = [](const std::optional<LabelSelector>& selector) {
    return !selector || selector->empty();
  };
  return subject.tenant_names.empty() && selects_all(subject.namespace_selector) &&
         selects_all(subject.pod_selector);
}

/// The labels that any selector of pods asks for. The others, such as the hash that every
/// ReplicaSet gives its pods, tell nobody apart.
class RelevantLabels {
 public:
  void add(const LabelSelector& selector) {
    for (const auto& requirement : selector.requirements)
      keys_.insert(requirement.key);
  }
  [[nodiscard]] Labels of(const Labels& labels) const {
    Labels relevant;
    for (const std::string& key : keys_) {
      const auto label = labels.find(key);
      if (label != labels.end()) relevant.insert(*label);
    }
    return relevant;
  }

 private:
  std::set<std::string> keys_;
};

}  // namespace

struct Compiler::State {
  State(const PolicySet& policies, CompilerOptions options, DecisionSlots& decision_slots);

  void sort(Selection& selection) const;
  [[nodiscard]] FilterPointer without_missing_lists(const FilterPointer& filter) const;
  template <typename Selects>
  Selection select(const Selection& from, Selects selects) const;
  std::array<Selection, 3> select_for(const Workload& workload,
                                      const NamespaceIdentity& space) const;
  Resolved resolve(const Workload& workload);
  std::shared_ptr<const CompiledTier> tier_of(const Selection& selection);
  Chain::Part part_of(const std::string& tenant, const Selection& selection);
  DecisionSlot slots_of(const std::string& tenant, const CompiledTier& tier);
  std::shared_ptr<const Chain> chain_of(const std::string& tenant,
                                        const std::array<Selection, 3>& selections);

  using ChainKey = std::pair<std::string, std::array<Selection, 3>>;

  Tenancy tenancy;
  std::vector<FilterPointer> filters;
  Selection admin;  ///< like all selections in the order in which they are asked
  Selection baseline;
  std::map<std::string, Selection> by_namespace;
  RelevantLabels relevant_labels;

  std::shared_ptr<const std::vector<dns::Name>> cluster_zones;
  CompilerOptions options;
  DecisionSlots& slots;

  std::map<std::pair<std::string, Labels>, Resolved> resolved;  ///< by namespace
  std::map<Selection, std::shared_ptr<const CompiledTier>> tiers;
  std::map<std::pair<std::string, Selection>, Chain::Part> parts;
  std::map<ChainKey, std::shared_ptr<const Chain>> chains;
};

Compiler::State::State(const PolicySet& policies, CompilerOptions compiler_options,
                       DecisionSlots& decision_slots)
    : tenancy(policies.tenants, policies.namespaces),
      cluster_zones(std::make_shared<const std::vector<dns::Name>>(
          std::move(compiler_options.cluster_zones))),
      options(std::move(compiler_options)),
      slots(decision_slots) {
  filters.reserve(policies.filters.size());
  for (const FilterPointer& filter : policies.filters.pointers())
    filters.push_back(without_missing_lists(filter));
  auto own = by_namespace.end();
  for (std::size_t i = 0; i < filters.size(); ++i) {
    relevant_labels.add(filters[i]->pod_selector);
    if (filters[i]->subject.pod_selector) relevant_labels.add(*filters[i]->subject.pod_selector);
    switch (filters[i]->tier) {
      case Tier::admin:
        admin.push_back(i);
        break;
      case Tier::tenant:
        // They mostly come by namespace.
        if (own == by_namespace.end() || own->first != filters[i]->namespace_name)
          own = by_namespace.try_emplace(filters[i]->namespace_name).first;
        own->second.push_back(i);
        break;
      case Tier::baseline:
        baseline.push_back(i);
        break;
    }
  }
  sort(admin);
  sort(baseline);
  for (auto& [name, selection] : by_namespace)
    sort(selection);
}

void Compiler::State::sort(Selection& selection) const {
  std::sort(selection.begin(), selection.end(), [this](std::size_t left, std::size_t right) {
    return is_asked_before(*filters[left], *filters[right]);
  });
}

FilterPointer Compiler::State::without_missing_lists(const FilterPointer& filter) const {
  if (!lacks_list(*filter, options.lists)) return filter;
  Filter broken = *filter;
  broken.is_broken = true;
  broken.rules = {};
  return std::make_shared<const Filter>(std::move(broken));
}

template <typename Selects>
Selection Compiler::State::select(const Selection& from, Selects selects) const {
  Selection selection;
  std::copy_if(from.begin(), from.end(), std::back_inserter(selection),
               [&](std::size_t position) { return selects(*filters[position]); });
  return selection;
}

/// The filters that select a workload. Broken ones, where they count, all belong to the tenant's
/// tier: like a default action, they decide what no rule has decided.
std::array<Selection, 3> Compiler::State::select_for(const Workload& workload,
                                                     const NamespaceIdentity& space) const {
  const bool fails_open = space.definition->failure_mode == FailureMode::open;
  const auto is_subject = [&](const Filter& filter) {
    return is_about(filter.subject, space, workload.labels);
  };
  const auto is_sound_subject = [&](const Filter& filter) {
    return !filter.is_broken && is_subject(filter);
  };
  const auto is_broken_subject = [&](const Filter& filter) {
    return filter.is_broken && !fails_open && is_subject(filter);
  };
  const auto is_selected = [&](const Filter& filter) {
    return !(filter.is_broken && fails_open) && filter.pod_selector.matches(workload.labels);
  };
  Selection tenant = select(admin, is_broken_subject);
  const auto own = by_namespace.find(workload.namespace_name);
  const Selection selected =
      own == by_namespace.end() ? Selection{} : select(own->second, is_selected);
  const Selection broken_baseline = select(baseline, is_broken_subject);
  tenant.insert(tenant.end(), selected.begin(), selected.end());
  tenant.insert(tenant.end(), broken_baseline.begin(), broken_baseline.end());
  return {select(admin, is_sound_subject), std::move(tenant), select(baseline, is_sound_subject)};
}

Compiler::Resolved Compiler::State::resolve(const Workload& workload) {
  const NamespaceIdentity space = tenancy.identify(workload.namespace_name);
  auto chain = chain_of(space.tenant, select_for(workload, space));
  return {space.tenant, std::move(chain), space.definition};
}

std::shared_ptr<const CompiledTier> Compiler::State::tier_of(const Selection& selection) {
  auto& tier = tiers[selection];
  if (tier) return tier;
  TierCache::Filters selected;
  for (const std::size_t position : selection)
    selected.push_back(filters[position]);
  const bool is_kept =
      options.tiers != nullptr && std::all_of(selected.begin(), selected.end(), is_lasting);
  if (is_kept) tier = options.tiers->find(selected);
  if (tier) return tier;
  tier = std::make_shared<const CompiledTier>(compile_tier(
      selected, {.hash_seed = options.hash_seed, .now = options.now, .lists = options.lists}));
  if (is_kept) options.tiers->add(std::move(selected), tier);
  return tier;
}

Chain::Part Compiler::State::part_of(const std::string& tenant, const Selection& selection) {
  if (selection.empty()) return {};
  const auto [entry, is_new] = parts.try_emplace({tenant, selection});
  Chain::Part& part = entry->second;
  if (!is_new) return part;
  part.tier = tier_of(selection);
  part.first_slot = slots_of(tenant, *part.tier);
  return part;
}

DecisionSlot Compiler::State::slots_of(const std::string& tenant, const CompiledTier& tier) {
  std::vector<const CompiledRule*> decisions;
  decisions.reserve(tier.rules.size() + 1);
  for (const CompiledRule& rule : tier.rules)
    decisions.push_back(&rule);
  if (tier.default_action) decisions.push_back(&*tier.default_action);
  return decisions.empty() ? no_slot : slots.block(tenant, decisions);
}

std::shared_ptr<const Chain> Compiler::State::chain_of(const std::string& tenant,
                                                       const std::array<Selection, 3>& selections) {
  auto& chain = chains[{tenant, selections}];
  if (chain) return chain;
  std::array<Chain::Part, 3> chain_parts;
  for (std::size_t i = 0; i < selections.size(); ++i) {
    chain_parts[i] = part_of(tenant, selections[i]);
  }
  chain = std::make_shared<const Chain>(std::move(chain_parts), cluster_zones);
  return chain;
}

bool lacks_list(const Filter& filter, const NameSets& lists) {
  if (!filter.rules.totals().has_lists) return false;
  const auto is_missing = [&lists](const ListKey& key) { return !lists.contains(key); };
  return std::any_of(filter.rules.begin(), filter.rules.end(), [&](const Rule& rule) {
    return std::any_of(rule.lists.begin(), rule.lists.end(), is_missing);
  });
}

Compiler::Compiler(const PolicySet& policies, CompilerOptions options, DecisionSlots& slots)
    : state_(std::make_unique<State>(policies, std::move(options), slots)) {}
Compiler::~Compiler() = default;
Compiler::Compiler(Compiler&&) noexcept = default;
Compiler& Compiler::operator=(Compiler&&) noexcept = default;

Compiler::Resolved Compiler::resolve(const Workload& workload) {
  const Labels labels = state_->relevant_labels.of(workload.labels);
  const auto [entry, is_new] = state_->resolved.try_emplace({workload.namespace_name, labels});
  if (is_new) entry->second = state_->resolve({workload.namespace_name, labels});
  return entry->second;
}

std::string Compiler::tenant_of(const std::string& namespace_name) const {
  return state_->tenancy.identify(namespace_name).tenant;
}

std::set<std::string> Compiler::namespaces() const {
  std::set<std::string> names = state_->tenancy.described();
  for (const auto& [name, filters] : state_->by_namespace)
    names.insert(name);
  return names;
}

std::optional<WallTime> Compiler::next_change() const {
  std::optional<WallTime> next;
  for (const FilterPointer& filter : state_->filters) {
    if (!filter->rules.totals().has_schedules) continue;
    for (const Rule& rule : filter->rules) {
      if (!rule.schedule.is_given()) continue;
      const WallTime change = filters::next_change(*rule.schedule, state_->options.now);
      next = next ? std::min(*next, change) : change;
    }
  }
  return next;
}

Compiler::Resolved Compiler::resolve_unknown() {
  const auto is_sound = [](const Filter& filter) {
    return !filter.is_broken && is_about_everybody(filter.subject);
  };
  const auto is_broken = [](const Filter& filter) {
    return filter.is_broken && is_about_everybody(filter.subject);
  };
  Selection broken = state_->select(state_->admin, is_broken);
  const Selection broken_baseline = state_->select(state_->baseline, is_broken);
  broken.insert(broken.end(), broken_baseline.begin(), broken_baseline.end());
  const std::string tenant(unknown_tenant);
  auto chain = state_->chain_of(tenant, {state_->select(state_->admin, is_sound), std::move(broken),
                                         state_->select(state_->baseline, is_sound)});
  return {tenant, std::move(chain), &state_->tenancy.lone_namespace()};
}

}  // namespace sluice::filters
