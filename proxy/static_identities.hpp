// SPDX-License-Identifier: Apache-2.0
// Who is behind which address, as sluice.yaml says: identity.static, checked.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"
#include "dns/name.hpp"
#include "filters/address.hpp"
#include "filters/policy.hpp"

namespace sluice::proxy {

class StaticIdentities {
 public:
  struct Entry {
    filters::Workload workload;
    std::vector<filters::Prefix> prefixes;
    std::vector<std::uint16_t> listeners;
  };

  /// Nothing and diagnostics if a CIDR is not one, or two entries claim the same.
  static std::optional<StaticIdentities> make(const config::Settings& settings,
                                              config::Diagnostics& diagnostics);

  /// Whoever asks from a loopback address is this pod, and nobody else is known.
  void set_own_pod(filters::Workload pod);

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// The field of sluice.yaml that they are of.
  [[nodiscard]] const char* field() const { return field_; }
  /// Whose the longest prefix is that contains the address. Null: nobody's.
  [[nodiscard]] const Entry* find(const filters::Address& address) const;
  /// Whether an address that nobody has may still be somebody's.
  [[nodiscard]] bool knows_more_than_addresses() const;
  /// Whether certificates say which namespace a client is in.
  [[nodiscard]] bool has_certificates() const { return has_certificates_; }
  /// What a client gets whom nothing identifies.
  [[nodiscard]] config::UnknownClient unknown_client() const { return unknown_client_; }
  /// Canonical.
  [[nodiscard]] const dns::Name& cluster_domain() const { return cluster_domain_; }
  /// For CompilerOptions.
  [[nodiscard]] std::vector<dns::Name> zones() const;

 private:
  std::vector<Entry> entries_;
  const char* field_ = "identity.static";
  config::UnknownClient unknown_client_ = config::UnknownClient::refuse;
  bool has_certificates_ = false;
  dns::Name cluster_domain_;
  std::vector<filters::Prefix> cluster_prefixes_;
};

}  // namespace sluice::proxy
