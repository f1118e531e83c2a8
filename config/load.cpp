// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <cstddef>

#include "config/check.hpp"
#include "config/schema.hpp"
#include "config/settings_file.hpp"

namespace sluice::config {
namespace {

void resolve_paths(Settings& settings, const std::filesystem::path& directory) {
  resolve_path(settings.policy_directory, directory);
  if (settings.kubernetes) {
    resolve_path(settings.kubernetes->kubeconfig, directory);
    resolve_path(settings.kubernetes->snapshot_file, directory);
  }
  if (settings.identity.pod) {
    resolve_path(settings.identity.pod->labels_file, directory);
    resolve_path(settings.identity.pod->namespace_file, directory);
  }
  resolve_path(settings.lists.directory, directory);
  resolve_path(settings.lists.cache_directory, directory);
  resolve_path(settings.lists.ca_file, directory);
  for (Listener& listener : settings.listeners) {
    resolve_path(listener.tls.certificate_file, directory);
    resolve_path(listener.tls.private_key_file, directory);
    resolve_path(listener.tls.client_ca_file, directory);
  }
  for (Upstream& upstream : settings.upstreams)
    resolve_path(upstream.tls.ca_file, directory);
}

}  // namespace

std::optional<Settings> load_settings(const std::string& text, const std::string& file,
                                      Diagnostics& diagnostics) {
  const auto finish = [](Settings& settings, Report& report) {
    complete(settings, report);
    check(settings, report);
  };
  return read_settings<Settings>(text, file, {schema(), finish, resolve_paths}, diagnostics);
}

std::optional<Settings> load_settings_file(const std::filesystem::path& file,
                                           Diagnostics& diagnostics) {
  const auto text = read_settings_file(file, diagnostics);
  if (!text) return std::nullopt;
  return load_settings(*text, file.string(), diagnostics);
}

}  // namespace sluice::config
