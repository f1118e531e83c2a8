// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/resource.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::kubernetes;

TEST_CASE("a first list asks for what is in force now", "[kubernetes]") {
  const Resource filters{.path = "/apis/sluice.dev/v1alpha1/dnsfilters"};
  CHECK(list_target(filters, {.limit = 500}) == "/apis/sluice.dev/v1alpha1/dnsfilters?limit=500");
  CHECK(list_target(filters, {}) == "/apis/sluice.dev/v1alpha1/dnsfilters");
}

TEST_CASE("a relist asks for nothing older", "[kubernetes]") {
  CHECK(list_target({.path = "/api/v1/pods"}, {.resource_version = "17", .limit = 500}) ==
        "/api/v1/pods?limit=500&resourceVersion=17&resourceVersionMatch=NotOlderThan");
}

TEST_CASE("a further page has the token and no version", "[kubernetes]") {
  CHECK(list_target({.path = "/api/v1/pods"},
                    {.resource_version = "17", .limit = 500, .continue_token = "eyJ2+/=&x"}) ==
        "/api/v1/pods?limit=500&continue=eyJ2%2B%2F%3D%26x");
}

TEST_CASE("selectors are escaped, in lists and watches alike", "[kubernetes]") {
  const Resource pods{
      .path = "/api/v1/pods",
      .field_selector = "spec.nodeName=node-1,status.phase!=Succeeded,status.phase!=Failed",
      .label_selector = "app in (a,b)"};
  const std::string selected =
      "/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1%2Cstatus.phase%21%3DSucceeded"
      "%2Cstatus.phase%21%3DFailed&labelSelector=app%20in%20%28a%2Cb%29";
  CHECK(list_target(pods, {}) == selected);
  CHECK(watch_target(pods, {"17", std::chrono::seconds(300)}) ==
        selected + "&watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=17");
}

TEST_CASE("metadata alone is asked for by the Accept header", "[kubernetes]") {
  CHECK(accept_header(Projection::whole, Answer::list) == "application/json");
  CHECK(accept_header(Projection::metadata, Answer::list) ==
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
  CHECK(accept_header(Projection::metadata, Answer::watch) ==
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
}
