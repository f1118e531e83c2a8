// SPDX-License-Identifier: Apache-2.0
// docs/configuration.md and docs/controller.md, made from the schema tables so that they cannot
// fall behind.
#pragma once

#include <string>

namespace sluice::config {

/// A sluice.yaml that uses every key.
const std::string& example_settings();

/// The whole of docs/configuration.md.
std::string configuration_markdown();

/// A controller.yaml that uses every key.
const std::string& example_controller_settings();

/// The whole of docs/controller.md.
std::string controller_markdown();

}  // namespace sluice::config
