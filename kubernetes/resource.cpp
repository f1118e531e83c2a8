// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/resource.hpp"

#include <string_view>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace sluice::kubernetes {
namespace {

/// Appends `name=value`, escaped, unless the value is empty.
void append(std::string& target, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += name;
  target += '=';
  target += boost::urls::encode(value, boost::urls::unreserved_chars);
}

std::string selected(const Resource& resource) {
  std::string target = resource.path;
  append(target, "fieldSelector", resource.field_selector);
  append(target, "labelSelector", resource.label_selector);
  return target;
}

}  // namespace

std::string list_target(const Resource& resource, const ListQuery& query) {
  std::string target = selected(resource);
  if (query.limit != 0) append(target, "limit", std::to_string(query.limit));
  append(target, "continue", query.continue_token);
  // The token names a version already; a server refuses a second one.
  if (!query.continue_token.empty() || query.resource_version.empty()) return target;
  append(target, "resourceVersion", query.resource_version);
  // With a limit and without this, a server takes the version for the exact one that is wanted.
  append(target, "resourceVersionMatch", "NotOlderThan");
  return target;
}

std::string watch_target(const Resource& resource, const WatchQuery& query) {
  std::string target = selected(resource);
  append(target, "watch", "1");
  append(target, "allowWatchBookmarks", "true");
  append(target, "timeoutSeconds", std::to_string(query.timeout.count()));
  append(target, "resourceVersion", query.resource_version);
  return target;
}

std::string accept_header(Projection projection, Answer answer) {
  if (projection == Projection::whole) return "application/json";
  const char* kind = answer == Answer::list ? "PartialObjectMetadataList" : "PartialObjectMetadata";
  return std::string("application/json;as=") + kind + ";g=meta.k8s.io;v=v1,application/json";
}

}  // namespace sluice::kubernetes
