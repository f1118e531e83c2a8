// SPDX-License-Identifier: Apache-2.0
#include "crds/filter_linker.hpp"

#include <algorithm>
#include <functional>

namespace sluice::crds {
namespace {

using filters::Filter;

const Filter* filter_of(const PolicyPointer& policy) {
  return policy ? std::get_if<Filter>(policy.get()) : nullptr;
}

}  // namespace

FilterLinker::FilterLinker(const Catalogue& catalogue, Owners owners,
                           config::Diagnostics& diagnostics)
    : catalogue_(catalogue),
      sizes_(catalogue.lists),
      owners_(std::move(owners)),
      diagnostics_(diagnostics) {
  sizes_.insert(catalogue.departed_lists.begin(), catalogue.departed_lists.end());
}

FilterLinker::Account* FilterLinker::account_of(const std::string& namespace_name) {
  if (namespace_name.empty()) return nullptr;
  // They come by namespace.
  if (namespace_name != last_namespace_) {
    last_account_ = find_account(namespace_name);
    last_namespace_ = namespace_name;
  }
  return last_account_;
}

FilterLinker::Account* FilterLinker::find_account(const std::string& namespace_name) {
  const filters::Tenant* owner = owners_.at(namespace_name);
  const std::string& name = owner != nullptr ? owner->name : namespace_name;
  // A namespace may have the name of a DNSTenant that does not select it.
  auto& account = accounts_[owner != nullptr ? "tenant " + name : "namespace " + name];
  if (account) return account.get();
  std::unique_ptr<const filters::Tenant> own;
  if (owner == nullptr)
    own = std::make_unique<const filters::Tenant>(filters::Tenant{.name = name});
  const filters::Tenant* tenant = owner != nullptr ? owner : own.get();
  account =
      std::make_unique<Account>(Account{std::move(own), tenant, TenantUsage(*tenant, sizes_)});
  return account.get();
}

FilterLinker::Version FilterLinker::check(const PolicyPointer& policy, const Case& subject,
                                          const Account* account,
                                          config::Diagnostics* diagnostics) {
  const Filter* filter = filter_of(policy);
  if (filter == nullptr) return {};
  const Origin& origin = *subject.candidate->origin;
  auto resolved = resolve(*filter, filter_of(subject.candidate->last_good), catalogue_, origin);
  config::Diagnostics errors = std::move(resolved.errors);
  if (account != nullptr) {
    const auto undelegated = check_delegation(*filter, *account->tenant, origin);
    errors.insert(errors.end(), undelegated.begin(), undelegated.end());
  }
  const bool is_good = errors.empty();
  if (diagnostics != nullptr) {
    const bool is_complete = errors.size() + resolved.notes.size() <= max_problems_per_object;
    errors.insert(errors.end(), resolved.notes.begin(), resolved.notes.end());
    if (!is_complete) errors.resize(max_problems_per_object);
    diagnostics->insert(diagnostics->end(), errors.begin(), errors.end());
  }
  if (!is_good) return {};
  return {filter, std::move(resolved.departed_lists)};
}

void FilterLinker::add(const ObjectKey& key, Candidate& candidate) {
  Account* account = account_of(key.namespace_name);
  Case subject{&candidate, {}, {}, account != nullptr ? &account->usage : nullptr};
  const std::size_t before = diagnostics_.size();
  subject.stated = check(candidate.stated, subject, account, &diagnostics_);
  if (diagnostics_.size() > before) candidate.is_wrong = true;
  // Only what takes the place of the stated version is told of; nobody reads about old ones.
  subject.last_good = candidate.last_good == candidate.stated
                          ? subject.stated
                          : check(candidate.last_good, subject, account, nullptr);
  cases_.push_back(std::move(subject));
}

void FilterLinker::put_in_force(Case& subject, const PolicyPointer& policy,
                                const Version& version) {
  subject.candidate->in_force = policy;
  relied_on_.insert(version.departed_lists.begin(), version.departed_lists.end());
}

/// Whether there is room for the stated version, instead of the one that has its place.
bool FilterLinker::make_room(Case& subject) {
  if (subject.usage == nullptr) return true;
  if (subject.is_reserved) subject.usage->remove(*subject.last_good.filter);
  const auto excess = subject.usage->try_add(*subject.stated.filter);
  if (!excess) return true;
  auto problem = subject.candidate->origin->problem("", *excess);
  problem.reason = "QuotaExceeded";
  diagnostics_.push_back(std::move(problem));
  subject.candidate->is_wrong = true;
  // Fitted in before, so it does again.
  if (subject.is_reserved) subject.usage->try_add(*subject.last_good.filter);
  return false;
}

void FilterLinker::settle(Case& subject) {
  Candidate& candidate = *subject.candidate;
  const bool is_as_before = subject.is_reserved && candidate.stated == candidate.last_good;
  if (is_as_before || (subject.stated.filter != nullptr && make_room(subject)))
    return put_in_force(subject, candidate.stated, subject.stated);
  const bool is_free = subject.usage == nullptr && subject.last_good.filter != nullptr;
  if (subject.is_reserved || is_free)
    return put_in_force(subject, candidate.last_good, subject.last_good);
  const auto& newest = candidate.stated ? candidate.stated : candidate.last_good;
  candidate.in_force = newest && !candidate.broken ? make_broken(*newest) : candidate.broken;
}

std::set<filters::ListKey> FilterLinker::settle() {
  for (Case& subject : cases_) {
    if (subject.usage == nullptr || subject.last_good.filter == nullptr) continue;
    subject.is_reserved = !subject.usage->try_add(*subject.last_good.filter);
  }
  for (const bool was_in_force : {true, false}) {
    for (Case& subject : cases_) {
      if ((subject.last_good.filter != nullptr) == was_in_force) settle(subject);
    }
  }
  return std::move(relied_on_);
}

}  // namespace sluice::crds
