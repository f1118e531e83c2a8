// SPDX-License-Identifier: Apache-2.0
// What would be said of one object if it were there: for whoever has to answer before it is. The
// linker is asked, as everywhere, but only about what can have to do with the object: the filters
// of its tenant, the lists that they refer to, the filters of its own tier. 10,000 filters of
// others cost nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/diagnostic.hpp"
#include "crds/linker.hpp"
#include "crds/manifest.hpp"

namespace sluice::crds {

/// Not thread-safe.
class Reviewer {
 public:
  /// Makes `sources` all that there is. Those whose text has not changed are not read again. All of
  /// it counts as in force as it stands, as far as it can be.
  void update(const Sources& sources);

  /// Every problem and warning that concerns the object, which takes the place of the one with its
  /// key. `object` holds a single one; its path is that of no other source.
  [[nodiscard]] config::Diagnostics review(const Source& object) const;

 private:
  struct Known {
    std::string text;
    std::vector<Manifest> manifests;
    std::uint64_t round = 0;  ///< the update that saw it last
  };

  void forget(const Known& known);
  void assign_namespaces();
  void add_kind(const char* kind, const std::string& namespace_name, Candidates& candidates) const;
  void add_tenant_of(const std::string& namespace_name, Candidates& candidates) const;
  void add_object(const ObjectKey& key, Candidates& candidates) const;
  [[nodiscard]] Candidates related_to(const ObjectKey& key) const;

  std::unordered_map<std::string, Known> known_;  ///< by path
  std::map<ObjectKey, const Manifest*> objects_;  ///< in known_
  std::map<std::string, std::string> owners_;     ///< of every namespace its DNSTenant, or nothing
  std::map<std::string, std::vector<std::string>> namespaces_;  ///< of each DNSTenant
  std::uint64_t round_ = 0;
};

}  // namespace sluice::crds
