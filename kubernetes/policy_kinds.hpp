// SPDX-License-Identifier: Apache-2.0
// The kinds that policies are made of, as an API server has them, and the way of one object from
// there to crds/.
#pragma once

#include <string>
#include <vector>

#include "crds/manifest.hpp"
#include "kubernetes/object_store.hpp"
#include "kubernetes/object_tree.hpp"
#include "kubernetes/resource.hpp"

namespace sluice::kubernetes {

/// Whether it is one of them; a namespace is none.
bool is_policy_kind(const std::string& kind);

/// What is watched: the policy kinds, and namespaces.
struct PolicyResource {
  ObjectType type;
  Resource resource;
  std::string name;  ///< for people: `dnsfilters`
};
std::vector<PolicyResource> policy_resources();

/// `/apis/sluice.dev/v1alpha1/namespaces/shop/dnsfilters/web`; empty for a kind that is not ours.
std::string object_path(const crds::ObjectKey& key);

crds::ObjectKey key_of(const Object& object, const ObjectType& type);

/// `DNSFilter shop/web`: what problems with an object have for a file.
std::string source_path(const crds::ObjectKey& key);

/// Changes when the object says something else: uid and generation, which grows with the spec
/// alone. A namespace has none, and its labels are part of it.
std::string content_version(const Object& object);

/// Takes everything out of a policy's JSON that is no policy: the status above all, which is as
/// long as a small filter. An agent keeps all policies of a cluster.
void drop_what_is_no_policy(boost::json::object& object);

/// The object as crds::Loader takes it.
crds::Source source_of(const ObjectPointer& object, const ObjectType& type);

/// Whether any of the objects says something that it did not say before. A status is nothing that
/// an object says; were it news, each status that is written would be a policy load on each node.
/// A list without changes counts: it may have been the last one that was waited for.
bool has_news(const Changes& changes);

}  // namespace sluice::kubernetes
