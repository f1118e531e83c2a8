// SPDX-License-Identifier: Apache-2.0
// The pods that an API server told of, and who of them is behind which address.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "kubernetes/object_store.hpp"
#include "kubernetes/pod.hpp"
#include "kubernetes/pod_addresses.hpp"
#include "proxy/client_resolver.hpp"

namespace sluice::proxy {

/// Lives on the control thread. What it returns is valid until the next change.
class PodRegistry {
 public:
  PodRegistry() = default;
  PodRegistry(const PodRegistry&) = delete;  // claims refer to the pods beside them
  PodRegistry& operator=(const PodRegistry&) = delete;

  /// Whether they say something else now: most of what changes about a pod is of no interest here.
  bool take(const kubernetes::Changes& changes);
  void put(kubernetes::Pod pod);
  void clear();

  /// All of them. Takes a tenth of a second for a hundred thousand after each change.
  [[nodiscard]] const PodClients& clients();
  /// The pod behind an address. Null when nobody is there, or several claim it.
  [[nodiscard]] const kubernetes::Pod* find(const filters::Address& address) const;
  [[nodiscard]] bool is_contested(const filters::Address& address) const;
  [[nodiscard]] const kubernetes::Pod* find(const std::string& namespace_name,
                                            const std::string& name) const;

 private:
  using Key = std::pair<std::string, std::string>;

  bool take(const kubernetes::Change& change);
  bool remove(const Key& key);
  [[nodiscard]] kubernetes::PodAddresses assign(const filters::Address& address) const;

  std::map<Key, kubernetes::Pod> pods_;
  std::multimap<filters::Address, const kubernetes::Pod*> claims_;  ///< on the addresses of pods_
  std::optional<PodClients> clients_;                               ///< nothing since pods_ changed
};

}  // namespace sluice::proxy
