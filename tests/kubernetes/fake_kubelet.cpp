// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/fake_kubelet.hpp"

#include <boost/json.hpp>

namespace sluice::tests {
namespace {

namespace json = boost::json;

constexpr const char* host_address = "192.0.2.1";

std::string pods_of(const FakePod& pod) {
  return "/api/v1/namespaces/" + pod.namespace_name + "/pods";
}

json::array list_of_addresses(const std::vector<std::string>& addresses) {
  json::array list;
  for (const std::string& address : addresses)
    list.emplace_back(json::object{{"ip", address}});
  return list;
}

void require(const ApiAnswer& answer) {
  static_cast<void>(answer.object());
}

}  // namespace

void FakeKubelet::create(const FakePod& pod) const {
  const json::value object{
      {"metadata", {{"name", pod.name}, {"labels", json::value_from(pod.labels)}}},
      {"spec",
       {{"nodeName", node_},
        {"hostNetwork", pod.is_on_host_network},
        {"containers",
         json::array{json::object{{"name", "main"}, {"image", "example.test/none"}}}}}}};
  require(client_.post(pods_of(pod), json::serialize(object)));
}

void FakeKubelet::report(const FakePod& pod, const PodReport& report) const {
  json::object status{{"phase", report.phase},  {"startTime", report.start_time},
                      {"hostIP", host_address}, {"hostIPs", list_of_addresses({host_address})},
                      {"podIP", nullptr},       {"podIPs", nullptr}};
  if (!report.addresses.empty()) {
    status["podIP"] = report.addresses.front();
    status["podIPs"] = list_of_addresses(report.addresses);
  }
  require(client_.patch(pods_of(pod) + '/' + pod.name + "/status",
                        json::serialize(json::object{{"status", status}})));
}

void FakeKubelet::begin_deletion(const FakePod& pod) const {
  require(client_.remove(pods_of(pod) + '/' + pod.name));
}

void FakeKubelet::remove(const FakePod& pod) const {
  require(client_.remove(pods_of(pod) + '/' + pod.name + "?gracePeriodSeconds=0"));
}

}  // namespace sluice::tests
