// SPDX-License-Identifier: Apache-2.0
// What a pod has of its own, for a test that needs it: loopback, where port 53 is free, and a
// resolv.conf as the kubelet writes it.
#pragma once

#include <string>

#include "tests/e2e/workspace.hpp"

namespace sluice::tests {

/// From here on this process and all that it starts live in namespaces of their own, with nothing
/// but loopback: for the rest of the test, and of the process. Skips the test where that is not
/// allowed.
void enter_pod_network();

/// Replaces /etc/resolv.conf, for this process and all that it starts. After enter_pod_network().
void use_resolv_conf(const Workspace& workspace, const std::string& text);

}  // namespace sluice::tests
