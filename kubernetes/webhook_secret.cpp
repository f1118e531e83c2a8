// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/webhook_secret.hpp"

#include <boost/json/serialize.hpp>

#include "kubernetes/base64.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/object.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& data, const char* key) {
  return decode_base64(find_string(data, key)).value_or("");
}

void add_pair(const char* certificate, const char* private_key, const KeyPair& pair,
              json::object& data) {
  data[certificate] = encode_base64(pair.certificate);
  data[private_key] = encode_base64(pair.private_key);
}

}  // namespace

std::optional<WebhookSecret> read_webhook_secret(const json::object& object) {
  WebhookSecret secret{.resource_version = resource_version_of(object)};
  if (secret.resource_version.empty()) return std::nullopt;
  if (const auto type = find_string(object, "type"); !type.empty()) secret.type = type;
  const json::object* data = find_object(object, "data");
  if (data == nullptr) return secret;
  secret.authorities = text_of(*data, "ca.crt");
  secret.serving = {text_of(*data, "tls.crt"), text_of(*data, "tls.key")};
  if (data->contains("next.crt"))
    secret.next = KeyPair{text_of(*data, "next.crt"), text_of(*data, "next.key")};
  return secret;
}

std::string webhook_secret_body(const SecretName& name, const WebhookSecret& secret) {
  json::object metadata{{"namespace", name.namespace_name},
                        {"name", name.name},
                        {"labels", {{"app.kubernetes.io/managed-by", "sluice-controller"}}}};
  if (!secret.resource_version.empty()) metadata["resourceVersion"] = secret.resource_version;
  json::object data{{"ca.crt", encode_base64(secret.authorities)}};
  add_pair("tls.crt", "tls.key", secret.serving, data);
  if (secret.next) add_pair("next.crt", "next.key", *secret.next, data);
  return json::serialize(json::object{{"apiVersion", "v1"},
                                      {"kind", "Secret"},
                                      {"metadata", std::move(metadata)},
                                      {"type", secret.type},
                                      {"data", std::move(data)}});
}

std::string secrets_target(const SecretName& name) {
  return "/api/v1/namespaces/" + name.namespace_name + "/secrets";
}

std::string secret_target(const SecretName& name) {
  return secrets_target(name) + '/' + name.name;
}

}  // namespace sluice::kubernetes
