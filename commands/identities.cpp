// SPDX-License-Identifier: Apache-2.0
#include "commands/identities.hpp"

#include <algorithm>

#include "config/load.hpp"
#include "proxy/cluster_zones.hpp"
#include "proxy/static_identities.hpp"

namespace sluice::commands {

std::optional<Identities> Identities::load(const std::string& file,
                                           config::Diagnostics& diagnostics) {
  Identities identities;
  if (file.empty()) {
    const auto domain = dns::Name::from_text(config::Settings{}.cluster_domain);
    identities.cluster_zones_ = proxy::cluster_zones(domain.value(), {});
    return identities;
  }
  const auto settings = config::load_settings_file(file, diagnostics);
  if (!settings) return std::nullopt;
  const auto checked = proxy::StaticIdentities::make(*settings, diagnostics);
  if (!checked) return std::nullopt;
  identities.cluster_zones_ = checked->zones();
  for (const auto& entry : settings->identity.static_entries) {
    for (const auto& cidr : entry.cidrs) {
      // make() has refused what is no prefix.
      identities.entries_.push_back(
          {filters::Prefix::from_text(cidr).value(), {entry.namespace_name, entry.labels}});
    }
  }
  std::ranges::sort(identities.entries_, std::ranges::greater{},
                    [](const Entry& entry) { return entry.prefix.length; });
  return identities;
}

std::optional<filters::Workload> Identities::find(const recordings::RecordedClient& client) const {
  const auto* known = client.address ? find_address(*client.address) : nullptr;
  if (client.namespace_name.empty()) {
    return known == nullptr ? std::nullopt : std::optional(*known);
  }
  const bool is_same = known != nullptr && known->namespace_name == client.namespace_name;
  return is_same ? *known : filters::Workload{client.namespace_name, {}};
}

const filters::Workload* Identities::find_address(const filters::Address& address) const {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.prefix.contains(address); });
  return found == entries_.end() ? nullptr : &found->workload;
}

}  // namespace sluice::commands
