// SPDX-License-Identifier: Apache-2.0
#include "proxy/pod_registry.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace sluice::proxy {
namespace {

PodClients clients_of(kubernetes::PodAddresses addresses) {
  std::set<const kubernetes::Pod*> owners;
  std::map<std::pair<std::string, filters::Labels>, std::vector<filters::Address>> groups;
  for (const auto& [address, pod] : addresses.owners) {
    owners.insert(pod);
    groups[{pod->namespace_name, pod->labels}].push_back(address);
  }
  PodClients clients{
      .groups = {}, .pods = owners.size(), .contested = std::move(addresses.contested)};
  for (auto& [workload, members] : groups)
    clients.groups.push_back({{workload.first, workload.second}, std::move(members)});
  return clients;
}

}  // namespace

bool PodRegistry::take(const kubernetes::Changes& changes) {
  bool is_news = false;
  for (const auto& change : changes)
    is_news |= take(change);
  return is_news;
}

bool PodRegistry::take(const kubernetes::Change& change) {
  const Key key(change.object->namespace_name, change.object->name);
  if (change.kind == kubernetes::ChangeKind::deleted) return remove(key);
  auto pod = kubernetes::read_pod(*change.object);
  const auto* before = find(key.first, key.second);
  if (before != nullptr && *before == pod) return false;
  put(std::move(pod));
  return true;
}

void PodRegistry::put(kubernetes::Pod pod) {
  Key key(pod.namespace_name, pod.name);
  remove(key);
  const kubernetes::Pod& added = pods_.emplace(std::move(key), std::move(pod)).first->second;
  for (const auto& address : added.addresses)
    claims_.emplace(address, &added);
  clients_.reset();
}

bool PodRegistry::remove(const Key& key) {
  const auto pod = pods_.find(key);
  if (pod == pods_.end()) return false;
  for (const auto& address : pod->second.addresses) {
    const auto [begin, end] = claims_.equal_range(address);
    const auto claim =
        std::find_if(begin, end, [&](const auto& one) { return one.second == &pod->second; });
    if (claim != end) claims_.erase(claim);
  }
  pods_.erase(pod);
  clients_.reset();
  return true;
}

void PodRegistry::clear() {
  claims_.clear();
  pods_.clear();
  clients_.reset();
}

/// An edit of a policy leaves pods alone, of which there may be a hundred thousand.
const PodClients& PodRegistry::clients() {
  if (clients_) return *clients_;
  std::vector<const kubernetes::Pod*> pods;
  for (const auto& [name, pod] : pods_)
    pods.push_back(&pod);
  return clients_.emplace(clients_of(kubernetes::assign_addresses(pods)));
}

kubernetes::PodAddresses PodRegistry::assign(const filters::Address& address) const {
  const auto [begin, end] = claims_.equal_range(address);
  std::vector<const kubernetes::Pod*> claimants;
  for (auto claim = begin; claim != end; ++claim)
    claimants.push_back(claim->second);
  return kubernetes::assign_addresses(claimants);
}

const kubernetes::Pod* PodRegistry::find(const filters::Address& address) const {
  const auto owners = assign(address).owners;
  const auto owner = owners.find(address);
  return owner == owners.end() ? nullptr : owner->second;
}

bool PodRegistry::is_contested(const filters::Address& address) const {
  const auto contested = assign(address).contested;
  return std::find(contested.begin(), contested.end(), address) != contested.end();
}

const kubernetes::Pod* PodRegistry::find(const std::string& namespace_name,
                                         const std::string& name) const {
  const auto pod = pods_.find({namespace_name, name});
  return pod == pods_.end() ? nullptr : &pod->second;
}

}  // namespace sluice::proxy
