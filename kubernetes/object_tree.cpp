// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object_tree.hpp"

#include <boost/json/serialize.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

using config::Node;

/// Recursion is as deep as parse_options() lets JSON be.
Node tree_of(const boost::json::value& value) {
  if (value.is_null()) return Node::null();
  if (const auto* text = value.if_string()) return Node::string({text->data(), text->size()});
  if (const auto* array = value.if_array()) {
    Node list = Node::list();
    for (const auto& item : *array)
      list.add_item(tree_of(item));
    return list;
  }
  if (const auto* object = value.if_object()) {
    Node mapping = Node::mapping();
    for (const auto& [name, member] : *object)
      mapping.add_member(name, tree_of(member));
    return mapping;
  }
  return Node::plain(boost::json::serialize(value));
}

}  // namespace

Node to_tree(const Object& object, const ObjectType& type) {
  Node tree = Node::mapping();
  tree.add_member("apiVersion", Node::string(type.api_version));
  tree.add_member("kind", Node::string(type.kind));
  Node& metadata = tree.add_member("metadata", Node::mapping());
  metadata.add_member("name", Node::string(object.name));
  if (!object.namespace_name.empty())
    metadata.add_member("namespace", Node::string(object.namespace_name));
  const boost::json::object json = object.json();
  if (const auto* all = find_object(json, "metadata")) {
    if (const auto* labels = find_object(*all, "labels"))
      metadata.add_member("labels", tree_of(*labels));
  }
  if (const auto* spec = json.if_contains("spec")) tree.add_member("spec", tree_of(*spec));
  return tree;
}

}  // namespace sluice::kubernetes
