// SPDX-License-Identifier: Apache-2.0
// Objects in the form that crds/ reads, so that a cluster's policies go the same way as a
// directory's.
#pragma once

#include <string>

#include "config/node.hpp"
#include "kubernetes/object.hpp"

namespace sluice::kubernetes {

/// What an object is, which items of lists do not say.
struct ObjectType {
  std::string api_version;
  std::string kind;
};

/// Kind, name, namespace, labels and spec. The rest is the server's business: what a newer one adds
/// to metadata is no mistake of whoever wrote the object.
config::Node to_tree(const Object& object, const ObjectType& type);

}  // namespace sluice::kubernetes
