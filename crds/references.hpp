// SPDX-License-Identifier: Apache-2.0
// What objects refer to by name: rules to lists, tenants to upstreams.
//
// A reference to something that is not there makes an object invalid. It stays valid where the
// thing was there when the object came into force and was taken away from under it: then the thing
// stays too, for the objects that relied on it, until they are mended.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "config/diagnostic.hpp"
#include "crds/places.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Everything that can be referred to.
struct Catalogue {
  std::map<filters::ListKey, std::size_t> lists;           ///< in force, with their entries
  std::map<filters::ListKey, std::size_t> departed_lists;  ///< in force until now
  std::set<filters::ListKey> wrong_lists;                  ///< there, but never were right
  std::set<std::string> upstreams;
  std::set<std::string> departed_upstreams;
  std::set<std::string> wrong_upstreams;
  bool knows_all_upstreams = false;  ///< those of sluice.yaml are among them
};

/// What became of the references of one object.
struct Resolved {
  config::Diagnostics errors;  ///< the object cannot be in force
  config::Diagnostics notes;   ///< it can, with what has departed
  std::set<filters::ListKey> departed_lists;
  std::set<std::string> departed_upstreams;
};

/// Resolves the references of a filter or tenant. `before` is the version in force until now, null
/// if there was none: what has departed is of use only to whoever relied on it.
Resolved resolve(const filters::Filter& filter, const filters::Filter* before,
                 const Catalogue& catalogue, const Origin& origin);
Resolved resolve(const filters::Tenant& tenant, const filters::Tenant* before,
                 const Catalogue& catalogue, const Origin& origin);

}  // namespace sluice::crds
