// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/pod.hpp"

#include <algorithm>
#include <sstream>

#include <date/date.h>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

/// metav1.Time: `2026-01-31T09:00:00Z`.
std::optional<std::chrono::sys_seconds> read_time(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::chrono::sys_seconds time;
  stream >> date::parse("%FT%TZ", time);
  return stream.fail() ? std::nullopt : std::optional(time);
}

filters::Labels read_labels(const boost::json::object& metadata) {
  filters::Labels labels;
  const auto* found = find_object(metadata, "labels");
  if (found == nullptr) return labels;
  for (const auto& [key, value] : *found)
    if (const auto* text = value.if_string()) labels.emplace(key, *text);
  return labels;
}

void add_address(std::string_view text, std::vector<filters::Address>& addresses) {
  const auto address = filters::Address::from_text(text);
  if (address && std::find(addresses.begin(), addresses.end(), *address) == addresses.end())
    addresses.push_back(*address);
}

/// `podIPs` has them all; `podIP`, its first, stands alone only in what tests and old servers send.
std::vector<filters::Address> read_addresses(const boost::json::object& status) {
  std::vector<filters::Address> addresses;
  add_address(find_string(status, "podIP"), addresses);
  const auto* all = status.if_contains("podIPs");
  if (all == nullptr || !all->is_array()) return addresses;
  for (const auto& entry : all->get_array())
    if (const auto* object = entry.if_object()) add_address(find_string(*object, "ip"), addresses);
  return addresses;
}

}  // namespace

void drop_what_identifies_nobody(boost::json::object& pod) {
  keep_only(pod, "metadata",
            {"namespace", "name", "uid", "resourceVersion", "labels", "deletionTimestamp"});
  keep_only(pod, "spec", {"hostNetwork"});
  keep_only(pod, "status", {"phase", "podIP", "podIPs", "startTime"});
}

Pod read_pod(const Object& object) {
  Pod pod{.namespace_name = object.namespace_name, .name = object.name};
  const boost::json::object json = object.json();
  if (const auto* metadata = find_object(json, "metadata")) {
    pod.labels = read_labels(*metadata);
    pod.is_terminating = !find_string(*metadata, "deletionTimestamp").empty();
  }
  if (const auto* spec = find_object(json, "spec")) {
    const auto* host_network = spec->if_contains("hostNetwork");
    pod.uses_host_network =
        host_network != nullptr && host_network->is_bool() && host_network->get_bool();
  }
  if (const auto* status = find_object(json, "status")) {
    const std::string_view phase = find_string(*status, "phase");
    pod.is_terminal = phase == "Succeeded" || phase == "Failed";
    pod.started = read_time(find_string(*status, "startTime"));
    pod.addresses = read_addresses(*status);
  }
  return pod;
}

}  // namespace sluice::kubernetes
