// SPDX-License-Identifier: Apache-2.0
#include "filters/client_map.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace sluice::filters {

std::uint16_t TenantService::upstream_for(dns::NameView name) const noexcept {
  const auto found = std::find_if(routes.begin(), routes.end(),
                                  [&](const Route& route) { return name.is_within(route.zone); });
  return found == routes.end() ? upstream : found->upstream;
}

std::size_t ClientMap::PrefixHash::operator()(const Prefix& prefix) const noexcept {
  return static_cast<std::size_t>(hash_of(prefix.address, prefix.length));
}

bool ClientMap::add_prefix(const Prefix& prefix, std::shared_ptr<const Client> client) {
  const Prefix key{masked(prefix.address, prefix.length), prefix.length};
  const auto [entry, is_new] = prefixes_.try_emplace(key, client);
  if (!is_new) return entry->second == client;
  const auto place =
      std::lower_bound(lengths_.begin(), lengths_.end(), key.length, std::greater<>());
  if (place == lengths_.end() || *place != key.length) lengths_.insert(place, key.length);
  return true;
}

bool ClientMap::add_listener(std::uint16_t listener, std::shared_ptr<const Client> client) {
  const auto [entry, is_new] = listeners_.try_emplace(listener, client);
  return is_new || entry->second == client;
}

void ClientMap::add_namespace(const std::string& name,
                              const std::shared_ptr<const Client>& client) {
  namespaces_.try_emplace(name, client);
}

void ClientMap::add_contested(const Address& address) {
  add_prefix(Prefix::of(address), nullptr);
}

void ClientMap::set_unknown(std::shared_ptr<const Client> client) {
  unknown_ = std::move(client);
}

const Client* ClientMap::find(const Address& address, std::uint16_t listener) const noexcept {
  const auto* known = find_known(address, listener);
  return known != nullptr && *known ? known->get() : unknown_.get();
}

ClientMap::Found ClientMap::find(const Address& address, std::uint16_t listener,
                                 const CertificateClaim& certificate) const noexcept {
  if (!certificate.is_given()) return {find(address, listener)};
  const std::string_view name = certificate.namespace_name();
  if (const auto* known = find_known(address, listener)) {
    if (name.empty()) return {nullptr, CertificateProblem::no_namespace};
    if (*known && (*known)->namespace_name == name) return {known->get()};
    return {nullptr, CertificateProblem::conflict};
  }
  if (name.empty()) return {unknown_.get(), CertificateProblem::no_namespace};
  const auto own = namespaces_.find(name);
  if (own != namespaces_.end()) return {own->second.get()};
  return {unknown_.get(), CertificateProblem::unknown_namespace};
}

const std::shared_ptr<const Client>* ClientMap::find_known(const Address& address,
                                                           std::uint16_t listener) const noexcept {
  if (const auto* found = find_prefix(address)) return found;
  const auto own = listeners_.find(listener);
  return own != listeners_.end() ? &own->second : nullptr;
}

const std::shared_ptr<const Client>* ClientMap::find_prefix(const Address& address) const noexcept {
  for (const std::uint8_t length : lengths_) {
    const auto found = prefixes_.find(Prefix{masked(address, length), length});
    if (found != prefixes_.end() && found->first.contains(address)) return &found->second;
  }
  return nullptr;
}

}  // namespace sluice::filters
