// SPDX-License-Identifier: Apache-2.0
#include "commands/domain_groups.hpp"

#include <libpsl.h>

namespace sluice::commands {

std::vector<std::string> DomainGroup::patterns() const {
  const std::size_t below = names.size() - names.count(domain);
  if (below >= names_for_pattern) return {'.' + domain};
  return {names.begin(), names.end()};
}

void PublicSuffixes::Deleter::operator()(psl_ctx_st* list) const {
  psl_free(list);
}

PublicSuffixes::PublicSuffixes() : list_(psl_latest(nullptr)) {}

std::string PublicSuffixes::registrable(const std::string& name) const {
  const char* domain = psl_registrable_domain(list_.get(), name.c_str());
  return domain == nullptr ? name : domain;
}

std::vector<DomainGroup> group_by_domain(const std::map<std::string, std::uint64_t>& names,
                                         const PublicSuffixes& suffixes) {
  std::map<std::string, DomainGroup> groups;
  for (const auto& [name, queries] : names) {
    const std::string domain = suffixes.registrable(name);
    DomainGroup& group = groups[domain];
    group.domain = domain;
    group.names.insert(name);
    group.queries += queries;
  }
  std::vector<DomainGroup> sorted;
  for (auto& [domain, group] : groups)
    sorted.push_back(std::move(group));
  return sorted;
}

}  // namespace sluice::commands
