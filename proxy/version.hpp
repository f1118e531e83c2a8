// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sluice::proxy {

/// The release; SLUICE_VERSION is set by CMake from project().
inline constexpr const char* version = SLUICE_VERSION;

}  // namespace sluice::proxy
