// SPDX-License-Identifier: Apache-2.0
// Where an API server is and how we and it prove who we are: what in_cluster and kubeconfig read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "kubernetes/api_failure.hpp"

namespace sluice::kubernetes {

/// A certificate, key or token: in a file, which is read again when it is needed, since it may be
/// replaced at any time; or as it stood in a configuration.
struct Material {
  std::filesystem::path file = {};  ///< goes first
  std::string text = {};

  [[nodiscard]] bool is_given() const { return !file.empty() || !text.empty(); }
};

struct ClusterAccess {
  std::string host;  ///< an IP address without brackets, or outside of clusters a name
  std::uint16_t port = 443;
  std::string base_path = {};    ///< before every path, without a slash at its end; mostly empty
  std::string server_name = {};  ///< what the server's certificate must have; empty: `host`
  Material ca = {};              ///< PEM; not given: the system's trust store
  Material client_certificate = {};  ///< PEM, with its chain; or not given
  Material client_key = {};          ///< PEM
  Material token = {};               ///< or not given
};

/// A host as it is written in URLs: IPv6 addresses in brackets.
std::string bracketed(const std::string& host);

/// The text of `material`, or what is wrong with its file: FailureKind::credentials.
ApiResult<std::string> read_material(const Material& material);

}  // namespace sluice::kubernetes
