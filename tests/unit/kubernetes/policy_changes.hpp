// SPDX-License-Identifier: Apache-2.0
// Changes of policies and reports of nodes, in as few words as possible.
#pragma once

#include <cstdint>
#include <string>

#include "crds/group.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/node_report.hpp"

namespace sluice::tests {

inline const kubernetes::ObjectType filter_type{crds::api_version, "DNSFilter"};
inline const kubernetes::ObjectType upstream_type{crds::api_version, "DNSUpstream"};

/// In the namespace `shop`, with its name as its uid.
inline kubernetes::ObjectPointer policy(const std::string& name, std::int64_t generation) {
  return kubernetes::make_object(
      kubernetes::parse_object(
          R"({"metadata": {"namespace": "shop", "name": ")" + name + R"(", "uid": "uid-)" + name +
          R"(", "resourceVersion": "1", "generation": )" + std::to_string(generation) + "}}")
          .value());
}

inline kubernetes::Change added(const std::string& name, std::int64_t generation) {
  return {kubernetes::ChangeKind::added, policy(name, generation), nullptr};
}
inline kubernetes::Change updated(const std::string& name, std::int64_t from, std::int64_t to) {
  return {kubernetes::ChangeKind::updated, policy(name, to), policy(name, from)};
}
inline kubernetes::Change deleted(const std::string& name, std::int64_t known, std::int64_t last) {
  return {kubernetes::ChangeKind::deleted, policy(name, last), policy(name, known)};
}

/// The Lease of a node as a controller sees it.
inline kubernetes::ObjectPointer lease(const std::string& node,
                                       const kubernetes::NodeReport& report,
                                       std::chrono::system_clock::time_point renewed) {
  auto object =
      kubernetes::parse_object(
          kubernetes::report_body({.node = node, .namespace_name = "system"}, report, renewed))
          .value();
  auto& metadata = object.at("metadata").as_object();
  metadata["uid"] = "uid-" + node;
  metadata["resourceVersion"] = "1";
  return kubernetes::make_object(std::move(object));
}

}  // namespace sluice::tests
