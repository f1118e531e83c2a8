// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/kubeconfig.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace sluice;
using namespace sluice::kubernetes;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string with(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\npreferences: {}\ncurrent-context: here\nclusters:\n"
         "- name: other\n  cluster: {server: 'https://192.0.2.9'}\n"
         "- name: c\n  cluster: " +
         cluster + "\nusers:\n- name: u\n  user: " + user +
         "\ncontexts:\n- name: here\n  context: {cluster: c, user: u, namespace: shop}\n"
         "- name: there\n  context: {cluster: other, user: u}\n"
         "- name: nowhere\n  context: {cluster: missing, user: nobody}\n";
}

struct Read {
  std::optional<ClusterAccess> access;
  std::string problems;
};

Read read(const std::string& text, const std::string& context = {}) {
  config::Diagnostics diagnostics;
  Read result{parse_kubeconfig(text, "/home/me/.kube/config", context, diagnostics), {}};
  for (const auto& diagnostic : diagnostics)
    result.problems += config::to_text(diagnostic) + '\n';
  return result;
}

}  // namespace

TEST_CASE("files are relative to the kubeconfig", "[kubernetes][kubeconfig]") {
  const auto result =
      read(with("{server: 'https://[fd00::1]:6443/k8s/clusters/a/', certificate-authority: ca.crt, "
                "tls-server-name: kubernetes}",
                "{client-certificate: me.crt, client-key: /keys/me.key, tokenFile: token}"));
  INFO(result.problems);
  REQUIRE(result.access);
  CHECK(result.access->host == "fd00::1");
  CHECK(result.access->port == 6443);
  CHECK(result.access->base_path == "/k8s/clusters/a");
  CHECK(result.access->server_name == "kubernetes");
  CHECK(result.access->ca.file == "/home/me/.kube/ca.crt");
  CHECK(result.access->client_certificate.file == "/home/me/.kube/me.crt");
  CHECK(result.access->client_key.file == "/keys/me.key");
  CHECK(result.access->token.file == "/home/me/.kube/token");
}

TEST_CASE("data in the file goes before files", "[kubernetes][kubeconfig]") {
  const auto result =
      read(with("{server: 'https://api.example', certificate-authority: x, "
                "certificate-authority-data: Y2E=}",
                "{client-certificate-data: Y3J0, client-key-data: a2V5, token: t}"));
  INFO(result.problems);
  REQUIRE(result.access);
  CHECK(result.access->host == "api.example");
  CHECK(result.access->port == 443);
  CHECK(result.access->ca.file.empty());
  CHECK(result.access->ca.text == "ca");
  CHECK(result.access->client_certificate.text == "crt");
  CHECK(result.access->client_key.text == "key");
  CHECK(result.access->token.text == "t");
}

TEST_CASE("a context can be chosen", "[kubernetes][kubeconfig]") {
  const auto text = with("{server: 'https://192.0.2.1'}", "{token: t}");
  CHECK(read(text).access->host == "192.0.2.1");
  CHECK(read(text, "there").access->host == "192.0.2.9");
  CHECK_THAT(read(text, "nope").problems, ContainsSubstring("'nope'"));
  const auto nowhere = read(text, "nowhere");
  CHECK_FALSE(nowhere.access);
  CHECK_THAT(nowhere.problems, ContainsSubstring("'missing'") && ContainsSubstring("'nobody'"));
}

TEST_CASE("what is not supported is refused with a remedy", "[kubernetes][kubeconfig]") {
  const auto [cluster, user, path, remedy] =
      GENERATE(table<std::string, std::string, std::string, std::string>({
          {"", "exec: {command: aws}", "users[0].user.exec", "kubectl create token"},
          {"", "auth-provider: {name: gcp}", "users[0].user.auth-provider", "tokenFile"},
          {"", "username: me", "users[0].user.username", "token"},
          {"", "as: root", "users[0].user.as", "credentials of that user"},
          {"", "client-certificate: a.crt", "users[0].user.client-certificate", "together"},
          {"", "client-key-data: '!'", "users[0].user.client-key-data", "base64"},
          {"", "token: []", "users[0].user.token", "a string"},
          {"proxy-url: 'http://p'", "", "clusters[1].cluster.proxy-url", "directly"},
          {"insecure-skip-tls-verify: true", "", "clusters[1].cluster.insecure-skip-tls-verify",
           "certificate-authority"},
          {"certificate-authority-data: ''", "", "clusters[1].cluster.certificate-authority-data",
           "PEM"},
      }));
  const auto result =
      read(with("{server: 'https://192.0.2.1', " + cluster + "}", "{" + user + "}"));
  INFO(result.problems);
  CHECK_FALSE(result.access);
  CHECK_THAT(result.problems, ContainsSubstring("/home/me/.kube/config:"));
  CHECK_THAT(result.problems, ContainsSubstring(path) && ContainsSubstring(remedy));
}

TEST_CASE("a server is an https URL", "[kubernetes][kubeconfig]") {
  const std::string server =
      GENERATE("http://192.0.2.1", "192.0.2.1:6443", "https://", "''", "https://me:pw@192.0.2.1",
               "https://192.0.2.1:99999", "https://192.0.2.1?x=y", "https://a b");
  const auto result = read(with("{server: '" + server + "'}", "{token: t}"));
  INFO(server);
  CHECK_FALSE(result.access);
  CHECK_THAT(result.problems, ContainsSubstring("expected https://HOST:PORT"));
}

TEST_CASE("whatever is no kubeconfig is told to be none", "[kubernetes][kubeconfig]") {
  const std::string text = GENERATE("", "[]", "a", "{", "current-context: 7", "contexts: {}",
                                    "current-context: a\ncontexts: [7, [], {name: a}]",
                                    "current-context: a\ncontexts: [{name: a, context: []}]");
  const auto result = read(text);
  INFO(text);
  CHECK_FALSE(result.access);
  CHECK_FALSE(result.problems.empty());
}

TEST_CASE("a token is not told in a problem", "[kubernetes][kubeconfig][security]") {
  const auto result = read(with("{server: 'http://x'}", "{token: s3cret, exec: {command: x}}"));
  CHECK_FALSE(result.access);
  CHECK(result.problems.find("s3cret") == std::string::npos);
}
