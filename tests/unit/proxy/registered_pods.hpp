// SPDX-License-Identifier: Apache-2.0
// Pods as an API server tells of them.
#pragma once

#include <string>
#include <vector>

#include <boost/json/array.hpp>

#include "kubernetes/object.hpp"
#include "proxy/pod_registry.hpp"

namespace sluice::tests {

/// A pod of namespace shop that runs, with the label `app` as its name.
inline kubernetes::ObjectPointer pod_object(const std::string& name,
                                            const std::vector<std::string>& addresses) {
  boost::json::array ips;
  for (const auto& address : addresses)
    ips.emplace_back(boost::json::object{{"ip", address}});
  return kubernetes::make_object({{"metadata",
                                   {{"namespace", "shop"},
                                    {"name", name},
                                    {"uid", name},
                                    {"resourceVersion", "1"},
                                    {"labels", {{"app", name}}}}},
                                  {"status", {{"phase", "Running"}, {"podIPs", std::move(ips)}}}});
}

/// A running pod of namespace shop, to be changed at will.
inline kubernetes::Pod pod(const std::string& name, const std::vector<std::string>& addresses) {
  return kubernetes::read_pod(*pod_object(name, addresses));
}

}  // namespace sluice::tests
