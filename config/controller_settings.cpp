// SPDX-License-Identifier: Apache-2.0
// A section more is a Keys table of its own here, a member of ControllerSettings, and a line in
// `settings`. Paths in it are to be made absolute in resolve_paths().
#include "config/controller_settings.hpp"

#include "config/settings_file.hpp"
#include "config/shared_keys.hpp"

namespace sluice::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

Keys<Lease> lease_keys() {
  return {
      {"namespace", required(value(&Lease::namespace_name, namespace_name())),
       "The namespace that the Lease is in: the controller's own."},
      {"name", required(value(&Lease::name, name())),
       "The Lease's name. It is made if it is not there."},
      {"duration", span(&Lease::duration, Range<seconds>{1s, 1h}),
       "How long the others wait for a leader that is silent before one of them takes over."},
      {"renewDeadline", span(&Lease::renew_deadline, Range<milliseconds>{100ms, 1h}),
       "How long a leader goes on writing when it cannot renew the Lease. Shorter than `duration`, "
       "so that there are never two."},
      {"retryPeriod", span(&Lease::retry_period, Range<milliseconds>{50ms, 10min}),
       "How often the leader renews and the others look. Shorter than `renewDeadline`."},
  };
}

Keys<ClusterAccount> kubernetes_keys() {
  return {
      {"kubeconfig",
       defaulted("the pod's service account", value(&ClusterAccount::kubeconfig, file_path())),
       "How to reach the API server from outside of a cluster."},
      {"context", defaulted("the file's current one", value(&ClusterAccount::context, name())),
       "The context of the kubeconfig."},
  };
}

void check(ControllerSettings& settings, Report& report) {
  const Lease& lease = settings.lease;
  if (!report.is_sound("lease")) return;
  if (lease.renew_deadline >= lease.duration)
    report.add("lease.renewDeadline",
               "must be shorter than `lease.duration`: the others take over when that is over");
  if (lease.retry_period >= lease.renew_deadline)
    report.add("lease.retryPeriod",
               "must be shorter than `lease.renewDeadline`: nobody renews in time otherwise");
}

void resolve_paths(ControllerSettings& settings, const std::filesystem::path& directory) {
  resolve_path(settings.kubernetes.kubeconfig, directory);
}

}  // namespace

const Keys<ControllerSettings>& controller_schema() {
  static const Keys<ControllerSettings> settings{
      {"clusterDomain", value(&ControllerSettings::cluster_domain, domain()),
       "The domain that the cluster's own names are under; the same as the agents'."},
      {"lease",
       required(section(&ControllerSettings::lease, lease_keys()),
                "lease: {namespace: sluice-system, name: sluice-controller}"),
       "By which several controllers agree on the one that writes."},
      {"kubernetes", section(&ControllerSettings::kubernetes, kubernetes_keys()),
       "How the API server is reached; not needed in a pod."},
      {"log", section(&ControllerSettings::log, log_keys()), "The log on standard error."},
      {"admin", section(&ControllerSettings::admin, admin_keys()),
       "The HTTP server for operators."},
  };
  return settings;
}

std::optional<ControllerSettings> load_controller_settings(const std::string& text,
                                                           const std::string& file,
                                                           Diagnostics& diagnostics) {
  return read_settings<ControllerSettings>(text, file, {controller_schema(), check, resolve_paths},
                                           diagnostics);
}

std::optional<ControllerSettings> load_controller_settings_file(const std::filesystem::path& file,
                                                                Diagnostics& diagnostics) {
  const auto text = read_settings_file(file, diagnostics);
  if (!text) return std::nullopt;
  return load_controller_settings(*text, file.string(), diagnostics);
}

}  // namespace sluice::config
