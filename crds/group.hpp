// SPDX-License-Identifier: Apache-2.0
// The API group of Sluice's kinds. It stands here, in the CRDs of crds/schema and in the deployment
// manifests; changing it is a migration for everybody.
#pragma once

namespace sluice::crds {

inline constexpr const char* group = "sluice.dev";
inline constexpr const char* api_version = "sluice.dev/v1alpha1";

}  // namespace sluice::crds
