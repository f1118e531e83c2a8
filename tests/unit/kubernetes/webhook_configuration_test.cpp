// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/webhook_configuration.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

/// "A" in base64 is QQ==.
boost::json::object configuration(const std::string& first, const std::string& second) {
  return parse_object(R"({"metadata": {"resourceVersion": "7"}, "webhooks": [
      {"name": "a.sluice.dev", "clientConfig": {"url": "https://a")" +
                      first +
                      R"(}}, {"name": "b.sluice.dev", "clientConfig": {"url": "https://b")" +
                      second + "}}]}")
      .value();
}

constexpr const char* right = R"(, "caBundle": "QQ==")";
constexpr const char* wrong = R"(, "caBundle": "Qg==")";

}  // namespace

TEST_CASE("a configuration that is right is left alone", "[kubernetes][certificate]") {
  CHECK_FALSE(trust_patch(configuration(right, right), "A"));
  CHECK_FALSE(trust_patch({}, "A"));
  CHECK_FALSE(trust_patch(parse_object(R"({"webhooks": []})").value(), "A"));
}

TEST_CASE("a patch has the bundles that are not right, and nothing else",
          "[kubernetes][certificate]") {
  CHECK(trust_patch(configuration(right, wrong), "A") ==
        R"({"metadata":{"resourceVersion":"7"},"webhooks":[)"
        R"({"name":"b.sluice.dev","clientConfig":{"caBundle":"QQ=="}}]})");
  CHECK(trust_patch(configuration("", wrong), "A") ==
        R"({"metadata":{"resourceVersion":"7"},"webhooks":[)"
        R"({"name":"a.sluice.dev","clientConfig":{"caBundle":"QQ=="}},)"
        R"({"name":"b.sluice.dev","clientConfig":{"caBundle":"QQ=="}}]})");
}

}  // namespace sluice::kubernetes
