// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pipeline_world.hpp"

#include <algorithm>
#include <stdexcept>

#include "proxy/own_pod.hpp"
#include "proxy/worker.hpp"

namespace sluice::tests {
namespace {

/// Always the same: what a test does must not depend on chance.
constexpr std::uint64_t hash_seed = 1;
constexpr std::chrono::milliseconds tick{100};
constexpr std::size_t max_message_size = 65535;

config::Settings completed(WorldOptions options) {
  config::Settings settings = std::move(options.settings);
  for (const WorldClient& client : options.clients)
    settings.identity.static_entries.push_back(
        {client.namespace_name, client.cidrs, {}, client.labels});
  if (settings.upstreams.empty()) settings.upstreams.emplace_back().name = "cluster";
  if (settings.default_upstream.empty()) settings.default_upstream = settings.upstreams[0].name;
  return settings;
}

void require_none(const config::Diagnostics& diagnostics) {
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity == config::Severity::error)
      throw std::invalid_argument(config::to_text(diagnostic));
  }
}

}  // namespace

PipelineWorld::PipelineWorld(WorldOptions options)
    : settings_(completed(options)),
      cache_({settings_.cache.max_bytes, settings_.cache.serve_stale, hash_seed}, counters_.cache),
      inflight_(settings_.limits.max_in_flight),
      tenants_(settings_.metrics.max_tenants),
      registry_(settings_),
      decisions_(tenants_, {&counters_}),
      buffer_(max_message_size) {
  const proxy::Pipeline::Parts parts{cache_, inflight_, counters_, clock_,
                                     *this,  rates_,    query_log_};
  pipeline_ =
      std::make_unique<proxy::Pipeline>(proxy::pipeline_options(settings_, hash_seed), parts);
  std::vector<proxy::Upstream*> upstreams;
  for (std::size_t i = 0; i < settings_.upstreams.size(); ++i) {
    upstreams_.push_back(std::make_unique<FakeUpstream>(*pipeline_));
    upstreams.push_back(upstreams_.back().get());
  }
  pipeline_->set_upstreams(std::move(upstreams));
  collector_ = std::make_unique<proxy::Collector>(
      proxy::MetricSources{{&counters_}, registry_, tenants_, decisions_, status_});
  config::Diagnostics diagnostics;
  identities_ = proxy::StaticIdentities::make(settings_, diagnostics);
  require_none(diagnostics);
  require_none(load(options.manifests));
}

config::Diagnostics PipelineWorld::load(const std::string& manifests) {
  const std::vector<crds::Source> files{{"policies.yaml", manifests}};
  auto result = loader_.load(files);
  take_own_pod();
  tenants_.begin_generation();
  decisions_.begin_generation();
  filters::Compiler compiler(
      std::move(result.policies),
      {.cluster_zones = identities_->zones(), .hash_seed = hash_seed, .now = now_, .lists = lists_},
      decisions_);
  pipeline_->set_clients(
      proxy::resolve_clients(*identities_, pods_, {compiler, tenants_, registry_, hash_seed}));
  tenants_.commit_generation();
  decisions_.commit_generation();
  status_.policy_loaded({.generation = ++generation_, .objects = result.object_count, .time = {}});
  return result.diagnostics;
}

void PipelineWorld::take_own_pod() {
  if (!settings_.identity.pod) return;
  config::Diagnostics problems;
  const auto pod = proxy::read_own_pod(*settings_.identity.pod, problems);
  require_none(problems);
  identities_->set_own_pod(*pod);
}

proxy::Origin PipelineWorld::origin(const std::string& from, proxy::Transport transport) {
  const auto address = filters::Address::from_text(from);
  if (!address) throw std::invalid_argument(from + " is no address");
  proxy::Origin origin;
  origin.address = *address;
  origin.port = 40000;
  origin.transport = transport;
  return origin;
}

std::optional<Octets> PipelineWorld::send(std::span<const std::uint8_t> packet,
                                          const proxy::Origin& origin) {
  const auto handled = pipeline_->handle(packet, origin, clock_.now(), buffer_);
  if (handled.size == 0) return std::nullopt;
  return Octets(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(handled.size));
}

std::optional<MessageText> PipelineWorld::ask(std::string_view question, const Asking& asking) {
  const auto answer =
      send(make_query(question, asking.query), origin(asking.from, asking.transport));
  if (!answer) return std::nullopt;
  return read_message(*answer);
}

MessageText PipelineWorld::take_reply() {
  if (replies_.empty()) throw std::logic_error("there is no late reply");
  MessageText text = read_message(replies_.front().message);
  replies_.erase(replies_.begin());
  return text;
}

void PipelineWorld::elapse(std::chrono::milliseconds time) {
  while (time.count() > 0) {
    const auto step = std::min(time, tick);
    clock_.advance(step);
    time -= step;
    if (pipeline_->has_waiting()) pipeline_->expire(clock_.now());
  }
}

const proxy::TenantCounters& PipelineWorld::tenant(const std::string& name) {
  static const proxy::TenantCounters none;
  const auto* counters = counters_.tenants.find(tenants_.assign(name));
  return counters == nullptr ? none : *counters;
}

std::uint64_t PipelineWorld::decisions(const std::string& filter, const std::string& rule) const {
  std::uint64_t sum = 0;
  for (const auto& count : decisions_.counts()) {
    if (count.labels.filter == filter && count.labels.rule == rule) sum += count.value;
  }
  return sum;
}

void PipelineWorld::reply(const proxy::Origin& origin, std::span<const std::uint8_t> message) {
  replies_.push_back({origin, {message.begin(), message.end()}});
}

}  // namespace sluice::tests
