// SPDX-License-Identifier: Apache-2.0
#include "proxy/explain_request.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::proxy {
namespace {

std::string problem(ExplainTexts texts) {
  if (texts.name.empty()) texts.name = "a.example";
  const auto request = make_explain_request(texts);
  return request ? "" : request.error();
}

}  // namespace

TEST_CASE("who asks may be told in three ways", "[proxy][explain]") {
  const auto asker = [](ExplainTexts texts) {
    texts.name = "WWW.example";
    texts.type = "AAAA";
    const auto request = make_explain_request(texts);
    REQUIRE(request.has_value());
    CHECK(dns::to_text(request->name) == "www.example.");
    CHECK(request->type == dns::Type::aaaa);
    return request->asker;
  };
  const auto workload = std::get<filters::Workload>(
      asker({.namespace_name = "shop", .pod_labels = "app=web,tier=a"}));
  CHECK(workload.namespace_name == "shop");
  CHECK(workload.labels.at("tier") == "a");
  const auto pod = std::get<PodName>(asker({.pod = "shop/web-1"}));
  CHECK(pod.namespace_name == "shop");
  CHECK(pod.name == "web-1");
  CHECK(std::get<filters::Address>(asker({.client = "fd00::1"})) ==
        filters::Address::from_text("fd00::1"));
}

TEST_CASE("what is wrong with a question is told", "[proxy][explain]") {
  CHECK(problem({}) == "`namespace`, `pod` or `client` is missing: whose query is it?");
  CHECK(problem({.namespace_name = "a", .client = "10.0.0.1"}) ==
        "only one of `namespace`, `pod` and `client` can be told: whose query is it?");
  for (const char* pod : {"web", "/web", "shop/", "a/b/c"})
    CHECK(problem({.pod = pod}) ==
          "`pod` must be like payments/checkout-7f; found '" + std::string(pod) + "'");
  CHECK(problem({.client = "10.0.0.1:53"}) ==
        "`client` must be an IP address; found '10.0.0.1:53'");
  CHECK(problem({.client = "10.0.0.1", .pod_labels = "app=web"}) ==
        "`podLabels` go with a `namespace`; of a pod that it knows, Sluice knows the labels");
  CHECK(problem({.namespace_name = "a", .pod_labels = "app"}) ==
        "`podLabels` must be like app=web,tier=front; found 'app'");
  CHECK(problem({.namespace_name = "a", .name = ".."}) ==
        "`name` must be a domain name; found '..'");
  CHECK(problem({.namespace_name = "a", .type = "ADDRESS"}) ==
        "`type` must be a query type such as AAAA; found 'ADDRESS'");
  CHECK(make_explain_request({.namespace_name = "a"}).error() ==
        "`name` must be a domain name; found ''");
}

}  // namespace sluice::proxy
