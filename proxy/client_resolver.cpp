// SPDX-License-Identifier: Apache-2.0
#include "proxy/client_resolver.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "proxy/cluster_zones.hpp"
#include "proxy/counters.hpp"
#include "proxy/tenant_services.hpp"

namespace sluice::proxy {
namespace {

std::set<std::string> namespaces(const StaticIdentities& identities, const PodClients& pods,
                                 const filters::Compiler& compiler) {
  std::set<std::string> names = compiler.namespaces();
  for (const auto& entry : identities.entries())
    names.insert(entry.workload.namespace_name);
  for (const auto& group : pods.groups)
    names.insert(group.workload.namespace_name);
  return names;
}

class Resolver {
 public:
  Resolver(const StaticIdentities& identities, const PodClients& pods, const ResolveParts& parts)
      : identities_(identities),
        pods_(pods),
        parts_(parts),
        namespaces_(namespaces(identities, pods, parts.compiler)),
        services_({parts.compiler, parts.upstreams, service_zones(identities.cluster_domain()),
                   namespaces_, parts.hash_seed}) {}

  std::shared_ptr<const filters::ClientMap> resolve() {
    add_unknown();
    add_pods();
    add_static();
    if (identities_.has_certificates()) add_namespaces();
    return std::move(clients_);
  }

 private:
  void add_unknown() {
    if (identities_.unknown_client() != config::UnknownClient::baseline) return;
    const auto unknown = parts_.compiler.resolve_unknown();
    clients_->set_unknown(std::make_shared<const filters::Client>(filters::Client{
        unknown.tenant, {}, unknown.chain, proxy::unknown_tenant, services_.of(unknown)}));
  }

  void add_pods() {
    for (const auto& group : pods_.groups) {
      const auto client = client_of(group.workload);
      for (const auto& address : group.addresses)
        clients_->add_prefix(filters::Prefix::of(address), client);
    }
    for (const auto& address : pods_.contested)
      clients_->add_contested(address);
  }

  void add_static() {
    for (const auto& entry : identities_.entries()) {
      const auto client = client_of(entry.workload);
      for (const filters::Prefix& prefix : entry.prefixes)
        clients_->add_prefix(prefix, client);
      for (const std::uint16_t listener : entry.listeners)
        clients_->add_listener(listener, client);
    }
  }

  /// A certificate says nothing of labels: what selects by them does not select its client.
  void add_namespaces() {
    for (const std::string& name : namespaces_)
      clients_->add_namespace(name, client_of({name, {}}));
  }

  /// Pods of one namespace with one chain are one client.
  std::shared_ptr<const filters::Client> client_of(const filters::Workload& workload) {
    const auto resolved = parts_.compiler.resolve(workload);
    auto& client = shared_[{workload.namespace_name, resolved.chain.get()}];
    if (!client) {
      client = std::make_shared<const filters::Client>(
          filters::Client{resolved.tenant, workload.namespace_name, resolved.chain,
                          parts_.tenants.assign(resolved.tenant), services_.of(resolved)});
    }
    return client;
  }

  const StaticIdentities& identities_;
  const PodClients& pods_;
  const ResolveParts& parts_;
  std::set<std::string> namespaces_;
  TenantServices services_;
  std::map<std::pair<std::string, const filters::Chain*>, std::shared_ptr<const filters::Client>>
      shared_;
  std::shared_ptr<filters::ClientMap> clients_ = std::make_shared<filters::ClientMap>();
};

}  // namespace

std::shared_ptr<const filters::ClientMap> resolve_clients(const StaticIdentities& identities,
                                                          const PodClients& pods,
                                                          const ResolveParts& parts) {
  return Resolver(identities, pods, parts).resolve();
}

}  // namespace sluice::proxy
