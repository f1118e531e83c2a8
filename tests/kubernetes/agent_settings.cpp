// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/agent_settings.hpp"

#include <fstream>
#include <iterator>

#include <boost/json.hpp>

namespace sluice::tests {

std::string settings_of(const AgentSource& source) {
  return "kubernetes: {nodeName: " + source.node_name +
         ", kubeconfig: " + source.kubeconfig.string() +
         ", snapshotFile: " + source.snapshot_file.string() + "}\n";
}

void deny(const ControlPlane& plane, const std::string& namespace_name,
          const std::vector<std::string>& names) {
  const std::string path = "/apis/sluice.dev/v1alpha1/namespaces/" + namespace_name + "/dnsfilters";
  const std::string filter = boost::json::serialize(boost::json::value{
      {"apiVersion", "sluice.dev/v1alpha1"},
      {"kind", "DNSFilter"},
      {"metadata", {{"name", "web"}}},
      {"spec",
       {{"rules",
         boost::json::array{boost::json::object{{"name", "closed"},
                                                {"action", "Deny"},
                                                {"domains", boost::json::value_from(names)}}}}}}});
  const auto made = plane.client().post(path, filter);
  const auto changed = made.status == 409 ? plane.client().patch(path + "/web", filter) : made;
  static_cast<void>(changed.object());
}

bool file_contains(const std::filesystem::path& file, const std::string& text) {
  std::ifstream stream(file, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(stream), {}};
  return all.find(text) != std::string::npos;
}

}  // namespace sluice::tests
