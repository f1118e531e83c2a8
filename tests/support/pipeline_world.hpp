// SPDX-License-Identifier: Apache-2.0
// Everything around a Pipeline that a worker has, without sockets, threads and time: policies come
// from manifest text, clients from settings, upstreams and clock are fakes.
//
//   PipelineWorld world({.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}},
//                        .manifests = no_ads});
//   CHECK_FALSE(world.ask("www.example. A", {.from = "10.0.1.5"}));      // waits
//   world.upstream().answer({.answer = {"www.example. 300 A 192.0.2.1"}});
//   CHECK(world.take_reply().answer == ...);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "crds/loader.hpp"
#include "filters/compiler.hpp"
#include "proxy/client_resolver.hpp"
#include "proxy/collector.hpp"
#include "proxy/pipeline.hpp"
#include "proxy/static_identities.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_upstream.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::tests {

/// An entry of identity.static.
struct WorldClient {
  std::string namespace_name{};
  std::vector<std::string> cidrs{};
  filters::Labels labels{};
};

struct WorldOptions {
  std::vector<WorldClient> clients{};
  std::string manifests{};      ///< YAML documents; must be right
  config::Settings settings{};  ///< its identity.static entries come before `clients`
};

/// How a question is asked.
struct Asking {
  std::string from = "10.0.1.5";
  proxy::Transport transport = proxy::Transport::udp;
  QueryOptions query{.edns = dns::OptOut{}};
};

/// An answer that came after a wait.
struct LateReply {
  proxy::Origin origin;
  Octets message;
};

class PipelineWorld final : private proxy::ReplySink {
 public:
  /// Throws std::invalid_argument when settings or manifests are wrong.
  explicit PipelineWorld(WorldOptions options);

  /// A source address as the transport would have it.
  static proxy::Origin origin(const std::string& from,
                              proxy::Transport transport = proxy::Transport::udp);

  /// What a client gets at once; nothing when it waits or is not answered at all.
  std::optional<Octets> send(std::span<const std::uint8_t> packet, const proxy::Origin& origin);
  std::optional<MessageText> ask(std::string_view question, const Asking& asking = {});
  /// The oldest reply to a query that waited. Throws std::logic_error if there is none.
  MessageText take_reply();
  [[nodiscard]] std::vector<LateReply>& replies() { return replies_; }

  /// Lets time pass, in steps of a worker's tick.
  void elapse(std::chrono::milliseconds time);
  /// Puts manifests in the place of those before, as a change on disk would.
  config::Diagnostics load(const std::string& manifests);

  /// For the next load().
  void set_time(filters::WallTime now) { now_ = now; }
  void set_pods(proxy::PodClients pods) { pods_ = std::move(pods); }
  void set_lists(filters::NameSets lists) { lists_ = std::move(lists); }
  [[nodiscard]] proxy::QueryLog& query_log() { return query_log_; }

  [[nodiscard]] proxy::Pipeline& pipeline() { return *pipeline_; }
  [[nodiscard]] FakeUpstream& upstream(std::size_t i = 0) { return *upstreams_.at(i); }
  [[nodiscard]] FakeClock& clock() { return clock_; }
  [[nodiscard]] proxy::WorkerCounters& counters() { return counters_; }
  [[nodiscard]] const proxy::WorkerCounters& counters() const { return counters_; }
  /// Counters of a tenant, all zero if it never asked.
  [[nodiscard]] const proxy::TenantCounters& tenant(const std::string& name);
  /// How often a rule of `filter` ("shop/no-ads") decided or was passed, for any tenant.
  [[nodiscard]] std::uint64_t decisions(const std::string& filter, const std::string& rule) const;
  /// The metrics page.
  [[nodiscard]] std::string metrics() const { return collector_->text(); }

 private:
  void take_own_pod();
  void reply(const proxy::Origin& origin, std::span<const std::uint8_t> message) override;

  config::Settings settings_;
  FakeClock clock_;
  proxy::WorkerCounters counters_;
  proxy::Cache cache_;
  proxy::Inflight inflight_;
  proxy::RateLimiter rates_;
  proxy::QueryLog query_log_;
  proxy::TenantRegistry tenants_;
  proxy::UpstreamRegistry registry_;
  proxy::DecisionRegistry decisions_;
  proxy::ProcessStatus status_{"test"};
  std::optional<proxy::StaticIdentities> identities_;
  crds::Loader loader_;
  std::unique_ptr<proxy::Pipeline> pipeline_;
  std::vector<std::unique_ptr<FakeUpstream>> upstreams_;
  std::unique_ptr<proxy::Collector> collector_;
  std::vector<LateReply> replies_;
  Octets buffer_;
  std::uint64_t generation_ = 0;
  filters::WallTime now_{};
  filters::NameSets lists_;
  proxy::PodClients pods_;
};

}  // namespace sluice::tests
