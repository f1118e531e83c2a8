// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

constexpr const char* applied_annotation = "kubectl.kubernetes.io/last-applied-configuration";

void drop_bookkeeping(boost::json::object& json) {
  boost::json::object& metadata = json["metadata"].get_object();
  metadata.erase("managedFields");
  boost::json::value* annotations = metadata.if_contains("annotations");
  if (annotations == nullptr || !annotations->is_object()) return;
  annotations->get_object().erase(applied_annotation);
  if (annotations->get_object().empty()) metadata.erase("annotations");
}

std::int64_t generation_of(const boost::json::object& metadata) {
  const auto* generation = metadata.if_contains("generation");
  return generation != nullptr && generation->is_int64() ? generation->get_int64() : 0;
}

}  // namespace

boost::json::object Object::json() const {
  return parse_object(text).value_or(boost::json::object());
}

ObjectPointer make_object(boost::json::object json, Trim trim) {
  const boost::json::object* metadata = find_object(json, "metadata");
  if (metadata == nullptr) return nullptr;
  auto object = std::make_shared<Object>();
  object->namespace_name = find_string(*metadata, "namespace");
  object->name = find_string(*metadata, "name");
  object->uid = find_string(*metadata, "uid");
  object->resource_version = find_string(*metadata, "resourceVersion");
  if (object->name.empty() || object->uid.empty() || object->resource_version.empty())
    return nullptr;
  object->generation = generation_of(*metadata);
  drop_bookkeeping(json);
  if (trim != nullptr) trim(json);
  object->text = boost::json::serialize(json);
  return object;
}

std::string resource_version_of(const boost::json::object& json) {
  const boost::json::object* metadata = find_object(json, "metadata");
  if (metadata == nullptr) return {};
  return std::string(find_string(*metadata, "resourceVersion"));
}

}  // namespace sluice::kubernetes
