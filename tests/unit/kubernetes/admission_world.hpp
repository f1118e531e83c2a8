// SPDX-License-Identifier: Apache-2.0
// Objects and reviews for the tests of admission.
#pragma once

#include <string>
#include <vector>

#include "crds/manifest.hpp"

namespace sluice::tests {

/// Of team `acme`, in the namespace `shop`, which may only deny.
inline std::vector<crds::Source> narrow_tenant() {
  return {
      {.path = "tenant",
       .text = "{apiVersion: sluice.dev/v1alpha1, kind: DNSTenant, metadata: {name: acme}, spec: "
               "{namespaceSelector: {matchLabels: {team: acme}}, delegation: {allowedActions: "
               "[Deny], maxFilters: 1}}}"},
      {.path = "namespace",
       .text = "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: acme}}}"}};
}

inline std::string filter_object(const std::string& spec, const std::string& metadata = "") {
  return R"({"apiVersion": "sluice.dev/v1alpha1", "kind": "DNSFilter", "metadata": {"name": "web")" +
         metadata + R"(}, "spec": )" + spec + '}';
}

inline std::string rule_spec(const std::string& action, const std::string& domains) {
  return R"({"rules": [{"name": "r", "action": ")" + action + R"(", "domains": [)" + domains +
         "]}]}";
}

/// `rest` are members of the request that begin with a comma.
inline std::string review_of(const std::string& object, const std::string& rest = "",
                             const std::string& operation = "CREATE") {
  return R"({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
    "uid": "u-1", "kind": {"group": "sluice.dev", "version": "v1alpha1", "kind": "DNSFilter"},
    "namespace": "shop", "name": "web", "operation": ")" +
         operation + R"(", "object": )" + object + rest + "}}";
}

}  // namespace sluice::tests
