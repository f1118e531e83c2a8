// SPDX-License-Identifier: Apache-2.0
#include "proxy/tenant_registry.hpp"

#include <algorithm>
#include <limits>

#include "filters/compiler.hpp"
#include "proxy/counters.hpp"

namespace sluice::proxy {
namespace {

constexpr std::uint32_t built_in_tenants = 2;
/// The last number would be shared with everything beyond the array; see GrowingArray.
constexpr std::uint32_t number_limit =
    static_cast<std::uint32_t>(decltype(WorkerCounters::tenants)::capacity) - 1;
constexpr std::uint64_t always = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TenantRegistry::TenantRegistry(std::uint32_t max_tenants)
    : max_tenants_(std::min(max_tenants, number_limit - built_in_tenants)) {
  records_.emplace("_other", Record{other_tenant, always});
  records_.emplace(filters::unknown_tenant, Record{unknown_tenant, always});
}

std::uint32_t TenantRegistry::assign(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto known = records_.find(name);
  if (known != records_.end()) return refresh(known->second);
  if (in_force_ >= max_tenants_ || records_.size() >= number_limit) {
    ++capped_;
    return other_tenant;
  }
  const auto number = static_cast<std::uint32_t>(records_.size());
  records_.emplace(name, Record{number, generation_});
  ++in_force_;
  return number;
}

std::uint32_t TenantRegistry::refresh(Record& record) {
  if (record.generation == always) return record.number;
  if (record.generation < visible_from_) {
    if (in_force_ >= max_tenants_) {
      ++capped_;
      return other_tenant;
    }
    ++in_force_;
  }
  record.generation = generation_;
  return record.number;
}

void TenantRegistry::begin_generation() {
  const std::lock_guard lock(mutex_);
  ++generation_;
}

void TenantRegistry::commit_generation() {
  const std::lock_guard lock(mutex_);
  visible_from_ = generation_;
  const auto in_force = std::count_if(records_.begin(), records_.end(), [&](const auto& entry) {
    return entry.second.generation >= visible_from_;
  });
  in_force_ = static_cast<std::uint32_t>(in_force) - built_in_tenants;
}

std::vector<TenantRegistry::Entry> TenantRegistry::current() const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> entries;
  entries.reserve(records_.size());
  for (const auto& [name, record] : records_)
    if (record.generation >= visible_from_) entries.push_back({record.number, name});
  return entries;
}

std::vector<std::string> TenantRegistry::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names(records_.size());
  for (const auto& [name, record] : records_)
    names[record.number] = name;
  return names;
}

std::uint64_t TenantRegistry::capped() const {
  const std::lock_guard lock(mutex_);
  return capped_;
}

}  // namespace sluice::proxy
