// SPDX-License-Identifier: Apache-2.0
#include "proxy/static_identities.hpp"

#include <algorithm>
#include <map>

#include "proxy/cluster_zones.hpp"

namespace sluice::proxy {
namespace {

/// Reads CIDRs of one list and says which are not any.
std::vector<filters::Prefix> read_prefixes(const std::vector<std::string>& texts,
                                           const std::string& path,
                                           config::Diagnostics& diagnostics) {
  std::vector<filters::Prefix> prefixes;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (const auto prefix = filters::Prefix::from_text(texts[i])) {
      prefixes.push_back(*prefix);
    } else {
      diagnostics.push_back(
          {.file = {},
           .line = 0,
           .path = path + '[' + std::to_string(i) + ']',
           .message = "must be an address or CIDR such as 10.0.1.0/24 or fd00::/64, without bits "
                      "set behind the length; found '" +
                      texts[i] + "'"});
    }
  }
  return prefixes;
}

std::vector<std::uint16_t> listener_numbers(const config::Settings& settings,
                                            const std::vector<std::string>& names) {
  std::vector<std::uint16_t> numbers;
  for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
    if (std::find(names.begin(), names.end(), settings.listeners[i].name) != names.end()) {
      numbers.push_back(static_cast<std::uint16_t>(i));
    }
  }
  return numbers;
}

std::string entry_path(std::size_t i) {
  return "identity.static[" + std::to_string(i) + ']';
}

}  // namespace

std::optional<StaticIdentities> StaticIdentities::make(const config::Settings& settings,
                                                       config::Diagnostics& diagnostics) {
  const std::size_t problems = diagnostics.size();
  StaticIdentities identities;
  identities.unknown_client_ = settings.identity.unknown_client;
  identities.has_certificates_ = settings.identity.certificates.has_value();
  if (auto domain = dns::Name::from_text(settings.cluster_domain)) {
    domain->lower();
    identities.cluster_domain_ = *domain;
  }
  identities.cluster_prefixes_ = read_prefixes(settings.cluster_cidrs, "clusterCIDRs", diagnostics);
  std::map<filters::Prefix, std::size_t> owners;
  for (std::size_t i = 0; i < settings.identity.static_entries.size(); ++i) {
    const config::StaticIdentity& entry = settings.identity.static_entries[i];
    auto prefixes = read_prefixes(entry.cidrs, entry_path(i) + ".cidrs", diagnostics);
    for (const filters::Prefix& prefix : prefixes) {
      const auto [owner, is_new] = owners.emplace(prefix, i);
      if (!is_new && owner->second != i) {
        diagnostics.push_back(
            {.file = {},
             .line = 0,
             .path = entry_path(i) + ".cidrs",
             .message = "a CIDR here is that of " + entry_path(owner->second) + " already"});
      }
    }
    identities.entries_.push_back({{entry.namespace_name, entry.labels},
                                   std::move(prefixes),
                                   listener_numbers(settings, entry.listeners)});
  }
  if (diagnostics.size() != problems) return std::nullopt;
  return identities;
}

void StaticIdentities::set_own_pod(filters::Workload pod) {
  entries_ = {{std::move(pod),
               {*filters::Prefix::from_text("127.0.0.0/8"), *filters::Prefix::from_text("::1/128")},
               {}}};
  field_ = "identity.pod";
}

const StaticIdentities::Entry* StaticIdentities::find(const filters::Address& address) const {
  const Entry* owner = nullptr;
  std::uint8_t longest = 0;
  for (const Entry& entry : entries_) {
    for (const filters::Prefix& prefix : entry.prefixes) {
      if (!prefix.contains(address) || (owner != nullptr && prefix.length <= longest)) continue;
      owner = &entry;
      longest = prefix.length;
    }
  }
  return owner;
}

bool StaticIdentities::knows_more_than_addresses() const {
  return has_certificates_ || std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) {
           return !entry.listeners.empty();
         });
}

std::vector<dns::Name> StaticIdentities::zones() const {
  return cluster_zones(cluster_domain_, cluster_prefixes_);
}

}  // namespace sluice::proxy
