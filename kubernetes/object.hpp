// SPDX-License-Identifier: Apache-2.0
// One object as the API server sent it, with what identifies it at hand.
#pragma once

#include <memory>
#include <string>

#include <boost/json/object.hpp>

namespace sluice::kubernetes {

/// `metadata.managedFields` and the copy that `kubectl apply` leaves in an annotation are not kept:
/// they are most of a small object, and nobody here reads them.
struct Object {
  std::string namespace_name;  ///< empty for cluster-scoped kinds
  std::string name;
  std::string uid;               ///< another one under the same name is another object
  std::string resource_version;  ///< opaque: compared for equality only
  boost::json::object json;      ///< an item of a list has no `kind` and no `apiVersion`
};

/// Shared with whoever was told of it; never changed.
using ObjectPointer = std::shared_ptr<const Object>;

/// Null when it lacks a name, a uid or a resource version.
ObjectPointer make_object(boost::json::object json);

/// `metadata.resourceVersion`, of a list and of a bookmark too; empty when there is none.
std::string resource_version_of(const boost::json::object& json);

}  // namespace sluice::kubernetes
