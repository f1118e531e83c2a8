// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rig.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::tests {
namespace {

// Payments may ask for one name that the shop may not, and for nothing that nobody mentioned.
constexpr const char* payments_filter = R"(apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: egress, namespace: payments}
spec:
  rules:
  - {name: partner, action: Allow, domains: [denied.e2e.test]}
  defaultAction: Deny
)";

const Workspace& with_policies(const Workspace& workspace) {
  workspace.write("policies/payments.yaml", payments_filter);
  workspace.write("policies/shop.yaml", shop_filter("denied"));
  return workspace;
}

}  // namespace

Programs::Programs() {
  if (const auto reason = reason_without_coredns()) SKIP(*reason);
  if (const auto reason = missing_client()) SKIP(*reason);
}

Rig::Rig(UpstreamSigner signer, const ProgramOptions& options)
    : workspace(signer),
      coredns(with_policies(workspace)),
      sluice(workspace, coredns.port(), options) {}

std::string shop_filter(const std::string& denied_name) {
  return R"(apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: no-trackers, namespace: shop}
spec:
  rules:
  - {name: tracker, action: Deny, domains: [)" +
         denied_name + R"(.e2e.test]}
  - {name: wild, action: Deny, domains: ["*.wild.e2e.test"], response: {type: REFUSED}}
)";
}

}  // namespace sluice::tests
