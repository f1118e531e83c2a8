// SPDX-License-Identifier: Apache-2.0
// The way of policy from its source to the workers: read, decode, compile, publish. What is
// wrong is reported in full and never takes effect; what was in force before stays.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "config/settings.hpp"
#include "crds/loader.hpp"
#include "filters/client_map.hpp"
#include "proxy/decision_registry.hpp"
#include "proxy/explain.hpp"
#include "proxy/list_store.hpp"
#include "proxy/policy_source.hpp"
#include "proxy/process_status.hpp"
#include "proxy/static_identities.hpp"
#include "proxy/tenant_registry.hpp"

namespace sluice::proxy {

/// Lives on the control thread.
class PolicyReload {
 public:
  struct Parts {
    PolicySource& source;
    TenantRegistry& tenants;
    DecisionRegistry& decisions;
    UpstreamRegistry& upstreams;
    ProcessStatus& status;
    boost::asio::io_context& control;
    std::uint64_t hash_seed = 0;  ///< a secret of the process
  };
  /// `settings` and everything that `parts` refers to outlive this. `on_lists_change` is called
  /// when a list was loaded: compile() is wanted then.
  PolicyReload(const config::Settings& settings, StaticIdentities identities, const Parts& parts,
               std::function<void()> on_lists_change);

  /// What workers are to have.
  struct Result {
    std::shared_ptr<const filters::ClientMap> clients;
    std::vector<NumberedUpstream> upstreams;
    /// When the schedule of a rule opens or closes: compile() is to be called then.
    std::optional<filters::WallTime> next_change;
  };
  /// Reads the source. Nothing when it could not be read and what is in force stays;
  /// `diagnostics` gets everything that is wrong with the manifests.
  std::optional<Result> load(config::Diagnostics& diagnostics);
  /// For the next compile(): who the only client is.
  void set_own_pod(filters::Workload pod) { identities_.set_own_pod(std::move(pod)); }
  /// Compiles what was read last, for this moment.
  Result compile(filters::WallTime now);
  /// Why a question would be answered as it would be, under what was read last. The error says why
  /// it is nobody's question.
  [[nodiscard]] ExplainResult explain(const ExplainRequest& request) const;
  /// Lists that rules refer to and that are not loaded yet.
  [[nodiscard]] std::vector<std::string> missing_lists() const { return lists_.missing(); }
  /// Whether there is something to compile.
  [[nodiscard]] bool has_loaded() const { return generation_ > 0; }
  /// Every worker serves by what load() returned last: tells so in status and log.
  void commit();

 private:
  [[nodiscard]] filters::CompilerOptions options_at(filters::WallTime now) const;
  [[nodiscard]] std::vector<NumberedUpstream> upstreams();
  [[nodiscard]] std::set<std::string> refused() const;

  const config::Settings& settings_;
  StaticIdentities identities_;
  Parts parts_;
  crds::Loader loader_;
  ListStore lists_;
  filters::PolicySet policies_;
  filters::TierCache tiers_;
  std::uint64_t generation_ = 0;
  std::optional<PolicyLoad> loaded_;  ///< not in force everywhere yet
  std::set<std::string> wrong_;       ///< paths of sources with an object that is wrong
};

}  // namespace sluice::proxy
