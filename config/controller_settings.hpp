// SPDX-License-Identifier: Apache-2.0
// controller.yaml as data, and the one table of its keys: what `sluice controller` runs with.
// docs/controller.md is made from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "config/diagnostic.hpp"
#include "config/field.hpp"
#include "config/settings.hpp"

namespace sluice::config {

/// By which Lease several controllers agree on the one that writes.
struct Lease {
  std::string namespace_name;
  std::string name;
  std::chrono::seconds duration{15};  ///< how long the others wait for one that is silent
  std::chrono::milliseconds renew_deadline{10'000};  ///< how long it goes on without renewing
  std::chrono::milliseconds retry_period{2000};
};

/// An API server, seen from outside of its cluster.
struct ClusterAccount {
  std::filesystem::path kubeconfig;  ///< empty: the service account of the pod that we are in
  std::string context;               ///< of the kubeconfig; empty: its current one
};

/// A certificate that the controllers make and renew themselves, for a webhook that only the API
/// server asks.
struct SelfSigned {
  std::string secret_name;
  std::string namespace_name;  ///< of the Secret; default: the Lease's
  std::string
      configuration_name;   ///< the ValidatingWebhookConfiguration that is told whom to trust
  std::string server_name;  ///< the name in the certificate
};

/// Where the API server asks about objects before it stores them. Exactly one of `tls` and
/// `self_signed`.
struct Webhook {
  std::string address = "0.0.0.0";  ///< an IP address
  std::uint16_t port = 9443;        ///< 0: the kernel chooses
  std::optional<ServerTls> tls;
  std::optional<SelfSigned> self_signed;
};

struct ControllerSettings {
  std::string cluster_domain = "cluster.local";
  Lease lease;
  std::optional<Webhook> webhook;  ///< nothing: objects are judged only once they are there
  ClusterAccount kubernetes;
  Log log;
  Admin admin;
};

const Keys<ControllerSettings>& controller_schema();

/// As load_settings(): complete settings, or nothing and at least one diagnostic.
std::optional<ControllerSettings> load_controller_settings(const std::string& text,
                                                           const std::string& file,
                                                           Diagnostics& diagnostics);
/// The same for a file on disk.
std::optional<ControllerSettings> load_controller_settings_file(const std::filesystem::path& file,
                                                                Diagnostics& diagnostics);

}  // namespace sluice::config
