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

std::string name_of(const kubernetes::Pod& pod) {
  return pod.namespace_name + '/' + pod.name;
}

FoundClient found(const kubernetes::Pod& pod, const Addresses& addresses) {
  return {{pod.namespace_name, pod.labels},
          {{"knownBy", "pod"}, {"pod", pod.name}, {"addresses", texts_of(addresses)}}};
}

/// Why none of its addresses is the pod's own.
std::string why_nobody(const kubernetes::Pod& pod, const PodRegistry& pods) {
  if (pod.uses_host_network)
    return "is on its host's network: its queries come from an address of the host";
  if (pod.addresses.empty()) return "has no address yet";
  const filters::Address& address = pod.addresses.front();
  const std::string at = "has the address " + filters::to_text(address);
  if (const auto* owner = pods.find(address))
    return at + ", which is taken for that of " + name_of(*owner) + " by now";
  return at + ", which several pods claim, so it is none of theirs";
}

Result look_up_pod(const PodName& asked, const PodRegistry* pods) {
  if (pods == nullptr)
    return "no pods are watched here; say which `namespace` and which `podLabels` the pod has";
  const kubernetes::Pod* pod = pods->find(asked.namespace_name, asked.name);
  if (pod == nullptr)
    return "no running pod " + asked.namespace_name + '/' + asked.name +
           " is known here: it has ended, is on another node, or was never there";
  Addresses own;
  std::copy_if(pod->addresses.begin(), pod->addresses.end(), std::back_inserter(own),
               [&](const auto& address) { return pods->find(address) == pod; });
  if (own.empty()) return "the pod " + name_of(*pod) + ' ' + why_nobody(*pod, *pods);
  return found(*pod, own);
}

Result look_up_address(const filters::Address& address, const PodRegistry* pods,
                       const StaticIdentities& identities) {
  const auto* pod = pods == nullptr ? nullptr : pods->find(address);
  if (pod != nullptr) return found(*pod, {address});
  std::string why = "several pods claim it";
  if (pods == nullptr || !pods->is_contested(address)) {
    if (const auto* entry = identities.find(address))
      return FoundClient{entry->workload,
                         {{"knownBy", identities.field()}, {"addresses", texts_of({address})}}};
    why = std::string(pods == nullptr ? "" : "no pod has it for itself, and ") +
          identities.field() + " does not have it";
  }
  return "nobody is known by the address " + filters::to_text(address) + ": " + why +
         "; who is unknown" +
         (identities.knows_more_than_addresses() ? " by listener and certificate too " : " ") +
         std::string(fates.at(static_cast<std::size_t>(identities.unknown_client())));
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
