// SPDX-License-Identifier: Apache-2.0
// Who is behind a recorded client: what the recording says of it, or identity.static of
// sluice.yaml.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "dns/name.hpp"
#include "filters/address.hpp"
#include "filters/policy.hpp"
#include "recordings/recorded_query.hpp"

namespace sluice::commands {

class Identities {
 public:
  /// Reads sluice.yaml; without a file nobody is known but whom the recordings name, and the
  /// cluster's domain is cluster.local. Nothing and diagnostics if the file is wrong.
  static std::optional<Identities> load(const std::string& file, config::Diagnostics& diagnostics);

  /// Nothing if the client cannot be told. Labels are those of the static entry, if
  /// it is of the namespace that was recorded.
  [[nodiscard]] std::optional<filters::Workload> find(
      const recordings::RecordedClient& client) const;

  /// Names that belong to the cluster itself; canonical.
  [[nodiscard]] const std::vector<dns::Name>& cluster_zones() const { return cluster_zones_; }

 private:
  struct Entry {
    filters::Prefix prefix;
    filters::Workload workload;
  };
  [[nodiscard]] const filters::Workload* find_address(const filters::Address& address) const;

  std::vector<Entry> entries_;  ///< longest prefix first
  std::vector<dns::Name> cluster_zones_;
};

}  // namespace sluice::commands
