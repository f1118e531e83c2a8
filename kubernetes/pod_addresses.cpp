// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/pod_addresses.hpp"

#include <algorithm>
#include <tuple>

namespace sluice::kubernetes {
namespace {

/// Larger goes first.
auto claim_of(const Pod& pod) {
  return std::tuple(!pod.is_terminating, pod.started);
}

/// Null when several pods have the same claim. Never the last that was told of: the order of events
/// means nothing.
const Pod* winner(const std::vector<const Pod*>& claimants) {
  const auto* best = *std::max_element(
      claimants.begin(), claimants.end(),
      [](const Pod* left, const Pod* right) { return claim_of(*left) < claim_of(*right); });
  const auto equals = std::count_if(claimants.begin(), claimants.end(), [best](const Pod* pod) {
    return claim_of(*pod) == claim_of(*best);
  });
  return equals == 1 ? best : nullptr;
}

}  // namespace

PodAddresses assign_addresses(const std::vector<const Pod*>& pods) {
  std::map<filters::Address, std::vector<const Pod*>> claims;
  for (const Pod* pod : pods) {
    if (pod->is_terminal || pod->uses_host_network) continue;
    for (const filters::Address& address : pod->addresses)
      claims[address].push_back(pod);
  }
  PodAddresses result;
  for (const auto& [address, claimants] : claims) {
    if (const Pod* owner = winner(claimants))
      result.owners.emplace(address, owner);
    else
      result.contested.push_back(address);
  }
  return result;
}

}  // namespace sluice::kubernetes
