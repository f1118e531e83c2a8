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
  resolve_path(settings.lists.directory, directory);
  resolve_path(settings.lists.cache_directory, directory);
  resolve_path(settings.lists.ca_file, directory);
  for (Listener& listener : settings.listeners) {
    resolve_path(listener.tls.certificate_file, directory);
    resolve_path(listener.tls.private_key_file, directory);
  }
  for (Upstream& upstream : settings.upstreams)
    resolve_path(upstream.tls.ca_file, directory);
}

}  // namespace

std::optional<Settings> load_settings(const std::string& text, const std::string& file,
                                      Diagnostics& diagnostics) {
  const std::size_t problems_before = diagnostics.size();
  const auto document = read_document(text, file, diagnostics);
  if (!document) return std::nullopt;
  Settings settings;
  Report report(file, diagnostics);
  read_section(Value{*document, "", report}, schema(), settings);
  if (document->is_mapping()) {
    complete(settings, report);
    check(settings, report);
  }
  if (!report.is_clean()) {
    sort_by_line(diagnostics, problems_before);
    return std::nullopt;
  }
  resolve_paths(settings, std::filesystem::path(file).parent_path());
  return settings;
}

std::optional<Settings> load_settings_file(const std::filesystem::path& file,
                                           Diagnostics& diagnostics) {
  const auto text = read_settings_file(file, diagnostics);
  if (!text) return std::nullopt;
  return load_settings(*text, file.string(), diagnostics);
}

}  // namespace sluice::config
