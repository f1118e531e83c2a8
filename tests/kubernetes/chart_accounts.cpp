// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/chart_accounts.hpp"

#include <set>
#include <stdexcept>

#include <boost/json.hpp>

#include "tests/deploy/manifests.hpp"

namespace sluice::tests {
namespace {

namespace json = boost::json;

const std::set<std::string> kinds{"ServiceAccount",
                                  "ClusterRole",
                                  "ClusterRoleBinding",
                                  "Role",
                                  "RoleBinding",
                                  "ValidatingAdmissionPolicy",
                                  "ValidatingAdmissionPolicyBinding"};

void require_success(const Outcome& outcome) {
  if (outcome.exit_code != 0) throw std::runtime_error("kubectl: " + outcome.errors);
}

}  // namespace

ChartAccounts::ChartAccounts(ControlPlane& plane, std::vector<std::string> arguments)
    : plane_(plane), namespace_(plane.make_namespace("chart")) {
  arguments.insert(arguments.end(), {"--namespace", namespace_});
  const auto objects = select(render_chart(std::move(arguments)), [](const YAML::Node& object) {
    return kinds.contains(kind_of(object));
  });
  const std::string file = namespace_ + ".json";
  plane.directory().write(file, json_list(objects));
  require_success(plane.kubectl({"apply", "--server-side", "--force-conflicts", "-f", file}));
}

ApiClient ChartAccounts::client(const std::string& account, const std::string& pod) const {
  return {plane_.address(), plane_.make_token(namespace_, account, pod)};
}

std::filesystem::path ChartAccounts::token_file(const std::string& account) const {
  return plane_.directory().path() / (namespace_ + '-' + account + ".token");
}

std::filesystem::path ChartAccounts::kubeconfig(const std::string& account) const {
  renew_token(account);
  const std::string name = namespace_ + '-' + account + ".kubeconfig";
  const auto server = plane_.address();
  plane_.directory().write(
      name,
      "apiVersion: v1\nkind: Config\ncurrent-context: test\n"
      "clusters: [{name: test, cluster: {server: 'https://127.0.0.1:" +
          std::to_string(server.port) + "', certificate-authority: '" + server.authority.string() +
          "'}}]\nusers: [{name: pod, user: {tokenFile: '" + token_file(account).string() +
          "'}}]\ncontexts: [{name: test, context: {cluster: test, user: pod}}]\n");
  return plane_.directory().path() / name;
}

void ChartAccounts::renew_token(const std::string& account) const {
  plane_.directory().write(token_file(account).filename(),
                           plane_.make_token(namespace_, account) + '\n');
}

void ChartAccounts::replace(const std::string& account) const {
  require_success(plane_.kubectl({"delete", "serviceaccount", account, "-n", namespace_}));
  require_success(plane_.kubectl({"create", "serviceaccount", account, "-n", namespace_}));
}

bool may(const ApiClient& who, const Action& action) {
  const auto group_at = action.resource.find('.');
  const std::string group =
      group_at == std::string::npos ? "" : action.resource.substr(group_at + 1);
  const std::string path = action.resource.substr(0, group_at);
  const auto slash = path.find('/');
  const json::value review{
      {"apiVersion", "authorization.k8s.io/v1"},
      {"kind", "SelfSubjectAccessReview"},
      {"spec",
       {{"resourceAttributes",
         {{"verb", action.verb},
          {"group", group},
          {"resource", path.substr(0, slash)},
          {"subresource", slash == std::string::npos ? "" : path.substr(slash + 1)},
          {"namespace", action.namespace_name}}}}}};
  const auto answer =
      who.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", json::serialize(review));
  return answer.object().at("status").at("allowed").as_bool();
}

}  // namespace sluice::tests
