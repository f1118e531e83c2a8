// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_lookup.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

namespace sluice::proxy {
namespace {

namespace json = boost::json;
using Addresses = std::vector<filters::Address>;
using Result = boost::system::result<FoundClient, std::string>;

/// By config::UnknownClient.
constexpr std::array<std::string_view, 3> fates{"is refused",
                                                "gets the cluster-wide policies alone",
                                                "is refused if nothing is told of it in time"};

json::array texts_of(const Addresses& addresses) {
  json::array texts;
  for (const auto& address : addresses)
    texts.emplace_back(filters::to_text(address));
  return texts;
}

FoundClient found(const kubernetes::Pod& pod, const Addresses& addresses) {
  json::object labels;
  for (const auto& [key, value] : pod.labels)
    labels[key] = value;
  return {{pod.namespace_name, pod.labels},
          {{"knownBy", "pod"},
           {"pod", pod.name},
           {"podLabels", std::move(labels)},
           {"addresses", texts_of(addresses)}}};
}

/// Why none of its addresses is the pod's own.
std::string why_nobody(const kubernetes::Pod& pod) {
  if (pod.is_terminal) return "has ended; its addresses may be others' by now";
  if (pod.uses_host_network)
    return "is on its host's network: what it asks comes from the host, which no filter of a "
           "namespace selects";
  if (pod.addresses.empty()) return "has no address yet";
  return "has addresses that other pods claim as well, so they identify nobody";
}

Result look_up_pod(const PodName& asked, const PodRegistry* pods) {
  if (pods == nullptr)
    return "no pods are watched here; say which `namespace` and which `podLabels` the pod has";
  const std::string name = asked.namespace_name + '/' + asked.name;
  const kubernetes::Pod* pod = pods->find(asked.namespace_name, asked.name);
  if (pod == nullptr) return "no pod " + name + " is known here; ask the Sluice of its own node";
  Addresses own;
  std::copy_if(pod->addresses.begin(), pod->addresses.end(), std::back_inserter(own),
               [&](const auto& address) { return pods->find(address) == pod; });
  if (own.empty()) return "the pod " + name + ' ' + why_nobody(*pod);
  return found(*pod, own);
}

Result look_up_address(const filters::Address& address, const PodRegistry* pods,
                       const StaticIdentities& identities) {
  const auto fate = fates.at(static_cast<std::size_t>(identities.unknown_client()));
  const std::string nobody = "nobody is known at " + filters::to_text(address) +
                             ", and who is unknown " + std::string(fate) + ": ";
  if (pods != nullptr) {
    if (const auto* pod = pods->find(address)) return found(*pod, {address});
    if (pods->is_contested(address)) return nobody + "several pods claim the address";
  }
  if (const auto* entry = identities.find(address))
    return FoundClient{entry->workload,
                       {{"knownBy", identities.field()}, {"addresses", texts_of({address})}}};
  return nobody + (pods == nullptr ? "" : "no watched pod has the address, and ") +
         "no CIDR of identity.static contains it";
}

}  // namespace

boost::system::result<FoundClient, std::string> look_up(const Asker& asker, const PodRegistry* pods,
                                                        const StaticIdentities& identities) {
  if (const auto* workload = std::get_if<filters::Workload>(&asker))
    return FoundClient{*workload, {}};
  if (const auto* pod = std::get_if<PodName>(&asker)) return look_up_pod(*pod, pods);
  return look_up_address(std::get<filters::Address>(asker), pods, identities);
}

}  // namespace sluice::proxy
