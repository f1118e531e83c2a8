// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/webhook_configuration.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "kubernetes/base64.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/object.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

bool trusts(const json::object& webhook, const std::string& bundle) {
  const json::object* client = find_object(webhook, "clientConfig");
  return client != nullptr && find_string(*client, "caBundle") == bundle;
}

}  // namespace

std::string webhook_configuration_target(const std::string& name) {
  return "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/" + name;
}

std::optional<std::string> trust_patch(const json::object& configuration,
                                       const std::string& authorities) {
  const std::string bundle = encode_base64(authorities);
  const json::value* all = configuration.if_contains("webhooks");
  if (all == nullptr || !all->is_array()) return std::nullopt;
  json::array changes;
  for (const json::value& each : all->get_array()) {
    const json::object* webhook = each.if_object();
    if (webhook == nullptr || trusts(*webhook, bundle)) continue;
    // Webhooks are merged by name.
    changes.push_back(json::object{{"name", find_string(*webhook, "name")},
                                   {"clientConfig", {{"caBundle", bundle}}}});
  }
  if (changes.empty()) return std::nullopt;
  return json::serialize(
      json::object{{"metadata", {{"resourceVersion", resource_version_of(configuration)}}},
                   {"webhooks", std::move(changes)}});
}

}  // namespace sluice::kubernetes
