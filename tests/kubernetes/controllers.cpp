// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/controllers.hpp"

namespace sluice::tests {

Controllers::Controllers(const ControlPlane& plane, const std::string& names)
    : process_({.arguments = {control_plane_program("kube-controller-manager"),
                              "--kubeconfig=" + plane.kubeconfig("admin").string(),
                              "--controllers=" + names,
                              "--leader-elect=false",  // it is alone
                              "--secure-port=0"},
                .environment = {},
                .directory = plane.directory().path()}) {}

}  // namespace sluice::tests
