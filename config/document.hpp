// SPDX-License-Identifier: Apache-2.0
// docs/configuration.md, made from the schema table so that it cannot fall behind.
#pragma once

#include <string>

namespace sluice::config {

/// A sluice.yaml that uses every key.
const std::string& example_settings();

/// The whole of docs/configuration.md.
std::string configuration_markdown();

}  // namespace sluice::config
