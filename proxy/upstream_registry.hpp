// SPDX-License-Identifier: Apache-2.0
// Numbers for upstreams: of sluice.yaml first, then of DNSUpstream objects as they come. A number
// never changes its meaning, so that queries under way, cached answers and counters keep theirs.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "filters/policy.hpp"
#include "proxy/counters.hpp"

namespace sluice::proxy {

/// An upstream as the workers are to have it.
struct NumberedUpstream {
  std::uint16_t number;
  config::Upstream settings;
};

/// Thread-safe; not for the query path.
class UpstreamRegistry {
 public:
  static constexpr std::size_t max_upstreams = decltype(WorkerCounters::upstreams)::capacity;

  /// Those of sluice.yaml are there from the start, in their order. Where tenants' queries go by
  /// default is Settings::default_upstream.
  explicit UpstreamRegistry(const config::Settings& settings);

  /// The number of a name, a new one if need be. Names without an upstream have one too: queries
  /// for them fail until there is one. Beyond max_upstreams all share the last.
  std::uint16_t assign(std::string_view name);
  /// Number of the default upstream.
  [[nodiscard]] std::uint16_t default_number() const { return default_number_; }
  /// By number.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> names_;
  const std::uint16_t default_number_;
};

/// A DNSUpstream as settings. Its CA bundle is `directory`/name/key, as a mounted ConfigMap is.
config::Upstream to_settings(const filters::UpstreamSpec& spec,
                             const std::filesystem::path& ca_bundle_directory);

}  // namespace sluice::proxy
