// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/webhook_secret.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

const SecretName name{"sluice-system", "sluice-webhook"};

}  // namespace

TEST_CASE("what is written of a Secret is what is read of it", "[kubernetes][certificate]") {
  WebhookSecret secret{.authorities = "A\n",
                       .serving = {"C\n", "K\n"},
                       .next = KeyPair{"N\n", "M\n"},
                       .type = "Opaque",
                       .resource_version = "7"};
  const auto object = parse_object(webhook_secret_body(name, secret)).value();
  const auto read = read_webhook_secret(object).value();
  CHECK(read.authorities == "A\n");
  CHECK(read.serving == secret.serving);
  CHECK(read.next == secret.next);
  CHECK(read.type == "Opaque");
  CHECK(read.resource_version == "7");
  CHECK(find_string(*find_object(object, "metadata"), "name") == "sluice-webhook");
  CHECK(find_string(*find_object(object, "metadata"), "namespace") == "sluice-system");
}

TEST_CASE("a new Secret has no version, and no next certificate", "[kubernetes][certificate]") {
  const auto object = parse_object(webhook_secret_body(name, {.serving = {"C", "K"}})).value();
  CHECK_FALSE(find_object(object, "metadata")->contains("resourceVersion"));
  CHECK_FALSE(find_object(object, "data")->contains("next.crt"));
  CHECK(find_string(object, "type") == "kubernetes.io/tls");
  CHECK_FALSE(read_webhook_secret(object));
}

TEST_CASE("what is missing or strange in a Secret reads as empty", "[kubernetes][certificate]") {
  for (const char* data : {"", R"(, "data": {})", R"(, "data": {"tls.crt": "?", "ca.crt": 1})"}) {
    INFO(data);
    const auto object =
        parse_object(R"({"metadata": {"resourceVersion": "7"})" + std::string(data) + "}").value();
    const auto read = read_webhook_secret(object).value();
    CHECK(read.authorities.empty());
    CHECK(read.serving.certificate.empty());
    CHECK_FALSE(read.next);
  }
}

TEST_CASE("where a Secret is", "[kubernetes][certificate]") {
  CHECK(secrets_target(name) == "/api/v1/namespaces/sluice-system/secrets");
  CHECK(secret_target(name) == "/api/v1/namespaces/sluice-system/secrets/sluice-webhook");
}

}  // namespace sluice::kubernetes
