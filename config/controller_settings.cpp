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

Keys<SelfSigned> self_signed_keys() {
  return {
      {"secretName", required(value(&SelfSigned::secret_name, name())),
       "The Secret with certificate and key. It is made if it is not there, and nothing else may "
       "be "
       "in it."},
      {"namespace",
       defaulted("that of the `lease`", value(&SelfSigned::namespace_name, namespace_name())),
       "The namespace that the Secret is in."},
      {"configurationName", required(value(&SelfSigned::configuration_name, name())),
       "The ValidatingWebhookConfiguration whose `clientConfig.caBundle` is kept right. Nothing "
       "else "
       "of it is changed."},
      {"serverName", required(value(&SelfSigned::server_name, host())),
       "The name in the certificate: the one that the API server calls, `SERVICE.NAMESPACE.svc`."},
  };
}

Keys<Webhook> webhook_keys() {
  return {
      {"address", value(&Webhook::address, ip_address()), "The address to listen on."},
      {"port", port(&Webhook::port, 0), "With `0` the kernel chooses a free port."},
      {"tls", section(&Webhook::tls, server_tls_keys()),
       "A certificate that somebody else renews, such as cert-manager. Files that are replaced are "
       "read again without a restart."},
      {"selfSigned", section(&Webhook::self_signed, self_signed_keys()),
       "A certificate that the controllers make, keep in a Secret and renew. Instead of `tls`."},
  };
}

void check_lease(const Lease& lease, Report& report) {
  if (!report.is_sound("lease")) return;
  if (lease.renew_deadline >= lease.duration)
    report.add("lease.renewDeadline",
               "must be shorter than `lease.duration`: the others take over when that is over");
  if (lease.retry_period >= lease.renew_deadline)
    report.add("lease.retryPeriod",
               "must be shorter than `lease.renewDeadline`: nobody renews in time otherwise");
}

/// The API server asks over HTTPS only.
void check_certificate(const Webhook& webhook, Report& report) {
  if (!report.is_sound("webhook")) return;
  if (webhook.tls && webhook.self_signed)
    report.add("webhook.selfSigned",
               "is there beside `webhook.tls`; keep the one that the certificate comes from");
  if (!webhook.tls && !webhook.self_signed)
    report.add("webhook",
               "has no certificate; add `tls` with the files of one, or `selfSigned` to have one "
               "made");
}

void check(ControllerSettings& settings, Report& report) {
  check_lease(settings.lease, report);
  if (!settings.webhook) return;
  check_certificate(*settings.webhook, report);
  auto& self_signed = settings.webhook->self_signed;
  if (self_signed && self_signed->namespace_name.empty())
    self_signed->namespace_name = settings.lease.namespace_name;
}

void resolve_paths(ControllerSettings& settings, const std::filesystem::path& directory) {
  resolve_path(settings.kubernetes.kubeconfig, directory);
  if (!settings.webhook || !settings.webhook->tls) return;
  resolve_path(settings.webhook->tls->certificate_file, directory);
  resolve_path(settings.webhook->tls->private_key_file, directory);
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
      {"webhook", section(&ControllerSettings::webhook, webhook_keys()),
       "Where the API server asks about objects before it stores them; without it nobody does."},
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
