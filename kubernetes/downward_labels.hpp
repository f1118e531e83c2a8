// SPDX-License-Identifier: Apache-2.0
// Labels of a pod as the kubelet writes them into a volume of the downward API, one a line, sorted:
//
//   app="checkout"
//   example.com/stage="production"
//
// The values are quoted as Go quotes strings, but nothing that Go would escape may stand in a
// label.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostic.hpp"
#include "filters/policy.hpp"

namespace sluice::kubernetes {

/// The labels in `text`, which may be none. Nothing, and a diagnostic for each line of `file` that
/// is not a label: a pod whose labels are half known would be judged by half of its filters.
std::optional<filters::Labels> read_downward_labels(std::string_view text, const std::string& file,
                                                    config::Diagnostics& diagnostics);

}  // namespace sluice::kubernetes
