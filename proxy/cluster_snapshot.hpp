// SPDX-License-Identifier: Apache-2.0
// What the API server said last, on disk: a node's DNS must come back while the API server is away.
//
//   {"sluiceSnapshot": 1, "bootID": "..."}
//   {"kind": "DNSFilter", "object": {...}}
//   {"kind": "Pod", "object": {...}}
//   {"end": 2}
//
// Whoever reads it knows by the last line, which counts the others, that it is whole.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kubernetes/object.hpp"

namespace sluice::proxy {

struct ClusterSnapshot {
  /// By kind. Pods are those of the same boot of the node only: after another their addresses are
  /// dealt anew, and may be other tenants'.
  std::map<std::string, std::vector<kubernetes::ObjectPointer>> objects;
};

/// Replaces the file in one step; what went wrong, or nothing.
std::optional<std::string> write_snapshot(const std::filesystem::path& file,
                                          const ClusterSnapshot& snapshot,
                                          const std::string& boot_id);

/// Nothing when there is none, or it is not whole; `problem` says why, unless there is no file.
std::optional<ClusterSnapshot> read_snapshot(const std::filesystem::path& file,
                                             const std::string& boot_id, std::string& problem);

/// Of the kernel that runs; another after each boot.
std::string current_boot_id();

}  // namespace sluice::proxy
