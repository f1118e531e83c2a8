// SPDX-License-Identifier: Apache-2.0
// One object as the API server sent it, with what identifies it at hand.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <boost/json/object.hpp>

namespace sluice::kubernetes {

/// Kept as text, which is read once or twice and takes a third of the memory of the values in it.
/// `metadata.managedFields` and the copy that `kubectl apply` leaves in an annotation are not kept:
/// they are most of a small object, and nobody here reads them.
struct Object {
  std::string namespace_name;  ///< empty for cluster-scoped kinds
  std::string name;
  std::string uid;               ///< another one under the same name is another object
  std::string resource_version;  ///< opaque: compared for equality only
  /// Grows with the spec alone; 0 for kinds that have none, such as namespaces.
  std::int64_t generation = 0;
  std::string text;  ///< JSON; an item of a list has no `kind` and no `apiVersion`

  /// What the text says; parsed for each call.
  [[nodiscard]] boost::json::object json() const;
};

/// Shared with whoever was told of it; never changed.
using ObjectPointer = std::shared_ptr<const Object>;

/// Takes out of an object what need not be kept.
using Trim = void (*)(boost::json::object& object);

/// Null when it lacks a name, a uid or a resource version. `trim` may be null.
ObjectPointer make_object(boost::json::object json, Trim trim = nullptr);

/// `metadata.resourceVersion`, of a list and of a bookmark too; empty when there is none.
std::string resource_version_of(const boost::json::object& json);

}  // namespace sluice::kubernetes
