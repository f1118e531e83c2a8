// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/in_cluster.hpp"

#include <fstream>
#include <map>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/certificate.hpp"

using namespace sluice;
using namespace sluice::kubernetes;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Pod {
  tests::TemporaryDirectory directory;
  std::map<std::string, std::string> variables{{"KUBERNETES_SERVICE_HOST", "10.96.0.1"},
                                               {"KUBERNETES_SERVICE_PORT", "443"}};
  config::Diagnostics diagnostics;

  Pod() {
    std::ofstream(directory.path() / "ca.crt") << "ca";
    std::ofstream(directory.path() / "token") << "token";
  }
  std::optional<ClusterAccess> find() {
    return find_in_cluster([this](const std::string& name) { return variables[name]; },
                           directory.path(), diagnostics);
  }
};

}  // namespace

TEST_CASE("a pod finds its API server by address", "[kubernetes]") {
  Pod pod;
  const auto access = pod.find();
  REQUIRE(access);
  CHECK(access->host == "10.96.0.1");
  CHECK(access->port == 443);
  CHECK(access->server_name.empty());
  CHECK(access->ca.file == pod.directory.path() / "ca.crt");
  CHECK(access->token.file == pod.directory.path() / "token");
}

TEST_CASE("an IPv6 address has brackets in URLs only", "[kubernetes]") {
  Pod pod;
  pod.variables["KUBERNETES_SERVICE_HOST"] = "fd00::1";
  CHECK(pod.find()->host == "fd00::1");
  CHECK(bracketed("fd00::1") == "[fd00::1]");
  CHECK(bracketed("10.0.0.1") == "10.0.0.1");
}

TEST_CASE("a name is no address: there may be no DNS yet", "[kubernetes]") {
  Pod pod;
  pod.variables["KUBERNETES_SERVICE_HOST"] = GENERATE("", "kubernetes.default.svc", "[fd00::1]");
  CHECK_FALSE(pod.find());
  REQUIRE(pod.diagnostics.size() == 1);
  CHECK_THAT(config::to_text(pod.diagnostics[0]),
             ContainsSubstring("KUBERNETES_SERVICE_HOST: expected the IP address"));
}

TEST_CASE("everything that is missing outside of a pod is told at once", "[kubernetes]") {
  config::Diagnostics diagnostics;
  CHECK_FALSE(find_in_cluster([](const std::string&) { return ""; }, "/nonexistent", diagnostics));
  CHECK(diagnostics.size() == 4);
}

TEST_CASE("a port is a number", "[kubernetes]") {
  Pod pod;
  pod.variables["KUBERNETES_SERVICE_PORT"] = GENERATE("", "0", "65536", "https", "443x", "-1");
  CHECK_FALSE(pod.find());
  CHECK(pod.diagnostics.size() == 1);
}
