// SPDX-License-Identifier: Apache-2.0
#include "proxy/app.hpp"

#include <csignal>
#include <future>
#include <random>

#include <boost/asio/post.hpp>

#include "proxy/admin_server_routes.hpp"
#include "proxy/capabilities.hpp"
#include "proxy/cluster_source.hpp"
#include "proxy/log.hpp"
#include "proxy/policy_directory.hpp"
#include "proxy/version.hpp"

namespace sluice::proxy {
namespace {

constexpr std::chrono::seconds longest_wait_for_lists{30};
constexpr std::chrono::seconds longest_wait_for_control{5};
/// A ring of the query log holds what a busy worker says in this time.
constexpr std::chrono::milliseconds query_log_interval{25};

std::uint64_t random_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

std::uint32_t worker_count(const config::Settings& settings) {
  if (settings.workers != 0) return settings.workers;
  return std::max(1U, std::thread::hardware_concurrency());
}

config::Diagnostic problem(std::string path, std::string message) {
  return {.file = {}, .line = 0, .path = std::move(path), .message = std::move(message)};
}

std::string listener_path(std::size_t i) {
  return "listeners[" + std::to_string(i) + ']';
}

}  // namespace

App::App(config::Settings settings)
    : settings_(std::move(settings)),
      hash_seed_(random_seed()),
      status_(version),
      tenants_(settings_.metrics.max_tenants),
      upstreams_(settings_),
      certificates_(control_, settings_.listeners, status_),
      schedule_timer_(control_),
      query_log_timer_(control_),
      admin_(admin_context_,
             standard_routes({.explain = [this](const auto& request) { return explain(request); },
                              .metrics = [this] { return collector_->text(); },
                              .unreadiness = [this] { return unreadiness(); }})),
      signals_(control_) {}

App::~App() {
  for (const auto& worker : workers_)
    worker->drain();
  for (auto& thread : threads_)
    thread.join();
  admin_context_.stop();
  if (admin_thread_.joinable()) admin_thread_.join();
}

config::Diagnostics App::start() {
  config::Diagnostics diagnostics;
  auto identities = make_identities(diagnostics);
  source_ = make_source(diagnostics);
  make_workers(diagnostics);
  open_admin(diagnostics);
  if (identities && source_) {
    policies_ = std::make_unique<PolicyReload>(
        settings_, std::move(*identities),
        PolicyReload::Parts{*source_, tenants_, *decisions_, upstreams_, status_, control_,
                            hash_seed_},
        [this] { recompile(); });
    admin_thread_ = std::thread([this] {
      renounce_privileged_ports();
      admin_context_.run();
    });
    if (own_pod_) own_pod_->start();
    source_->start({.on_policies = [this] { reload(); }, .on_pods = [this] { recompile(); }});
    wait_for_source();
    load_policies(diagnostics);
    if (diagnostics.empty()) wait_for_lists();
  }
  // Not before: queries come as soon as a socket is there.
  open_listeners(diagnostics);
  if (diagnostics.empty()) start_threads();
  return diagnostics;
}

std::unique_ptr<PolicySource> App::make_source(config::Diagnostics& diagnostics) {
  if (settings_.kubernetes)
    return ClusterSource::make({control_, status_}, *settings_.kubernetes, diagnostics);
  return std::make_unique<DirectorySource>(control_, settings_.policy_directory);
}

std::optional<StaticIdentities> App::make_identities(config::Diagnostics& diagnostics) {
  auto identities = StaticIdentities::make(settings_, diagnostics);
  if (!settings_.identity.pod) return identities;
  const auto pod = read_own_pod(*settings_.identity.pod, diagnostics);
  if (!pod || !identities) return std::nullopt;
  identities->set_own_pod(*pod);
  own_pod_.emplace(control_, *settings_.identity.pod, *pod,
                   [this](const filters::Workload& now) { take_own_pod(now); });
  return identities;
}

void App::take_own_pod(const filters::Workload& pod) {
  policies_->set_own_pod(pod);
  if (policies_->has_loaded()) recompile();
}

void App::make_workers(config::Diagnostics& diagnostics) {
  const std::uint32_t count = worker_count(settings_);
  if (settings_.identity.certificates)
    certificate_identity_.emplace(*settings_.identity.certificates);
  const CertificateIdentity* certificates =
      certificate_identity_ ? &*certificate_identity_ : nullptr;
  std::vector<NumberedUpstream> upstreams;
  for (const config::Upstream& upstream : settings_.upstreams)
    upstreams.push_back({upstreams_.assign(upstream.name), upstream});
  for (std::uint32_t i = 0; i < count; ++i) {
    workers_.push_back(
        std::make_unique<Worker>(settings_, WorkerShare{count, hash_seed_, rates_, certificates}));
    const auto problems = workers_.back()->connect_upstreams(upstreams);
    for (const std::string& text : problems)
      if (i == 0) diagnostics.push_back(problem("upstreams", text));
  }
  decisions_ = std::make_unique<DecisionRegistry>(tenants_, counters());
  collector_ = std::make_unique<Collector>(
      MetricSources{counters(), upstreams_, tenants_, *decisions_, status_});
}

void App::open_listeners(config::Diagnostics& diagnostics) {
  const PrivilegedPorts allowed;
  for (std::size_t i = 0; i < settings_.listeners.size(); ++i) {
    config::Listener& listener = settings_.listeners[i];
    const std::size_t problems = diagnostics.size();
    const auto number = static_cast<std::uint16_t>(i);
    const auto tls = load_certificate(number, diagnostics);
    if (diagnostics.size() != problems) continue;
    for (const auto& worker : workers_) {
      const auto port = worker->listen(listener, number, tls);
      if (!port) {
        diagnostics.push_back(problem(listener_path(i), port.error()));
        break;
      }
      listener.port = *port;  // the first worker's choice binds the others
    }
  }
}

std::optional<TlsServerContext> App::load_certificate(std::uint16_t number,
                                                      config::Diagnostics& diagnostics) {
  const config::Listener& listener = settings_.listeners[number];
  if (!config::is_encrypted(listener.protocol)) return std::nullopt;
  auto context = certificates_.load(number);
  if (context) return std::move(*context);
  diagnostics.push_back(problem("listener " + listener.name, context.error().text));
  return std::nullopt;
}

/// What is wrong in a directory ends the start; what is wrong in a cluster is one tenant's business
/// and must not keep a node without DNS.
void App::load_policies(config::Diagnostics& diagnostics) {
  config::Diagnostics problems;
  const auto policies = policies_->load(problems);
  const auto is_fatal = [this](const config::Diagnostic& one) {
    return source_->is_local() && one.severity == config::Severity::error;
  };
  std::copy_if(problems.begin(), problems.end(), std::back_inserter(diagnostics), is_fatal);
  std::erase_if(problems, is_fatal);
  problems_.report(problems);
  if (policies) publish(*policies);
}

/// The source has something new.
void App::reload() {
  config::Diagnostics problems;
  const auto policies = policies_->load(problems);
  problems_.report(problems);
  if (policies) publish(*policies);
}

void App::publish(const PolicyReload::Result& policies) {
  const auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size());
  for (const auto& worker : workers_) {
    worker->set_upstreams(policies.upstreams);
    worker->set_clients(policies.clients, [this, left] {
      if (left->fetch_sub(1) == 1) boost::asio::post(control_, [this] { policies_->commit(); });
    });
  }
  compile_at(policies.next_change);
}

/// Rules with schedules come and go by compiling anew: workers know nothing of time zones.
void App::compile_at(const std::optional<filters::WallTime>& time) {
  schedule_timer_.cancel();
  if (!time) return;
  schedule_timer_.expires_at(*time);
  schedule_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    recompile();
  });
}

/// A schedule opened or closed, or a list is there.
void App::recompile() {
  publish(policies_->compile(
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())));
}

/// Runs what the control thread does, which nobody else does before run().
void App::wait_until(std::chrono::steady_clock::time_point deadline,
                     const std::function<bool()>& condition) {
  const auto work = boost::asio::make_work_guard(control_);
  while (!condition() && std::chrono::steady_clock::now() < deadline)
    control_.run_one_for(std::chrono::milliseconds(100));
}

/// A socket that is open before pods are known would refuse queries that the process before this
/// one, on the same port, would answer.
void App::wait_for_source() {
  wait_until(std::chrono::steady_clock::now() + source_->longest_wait(),
             [this] { return source_->missing().empty(); });
  for (const std::string& missing : source_->missing())
    log::warn("serving without", {{"missing", missing}});
}

/// A filter whose list is not there denies what it selects, so serving waits for lists. Not
/// forever: a download may never come, and others' queries should not pay for that.
void App::wait_for_lists() {
  wait_until(std::chrono::steady_clock::now() + longest_wait_for_lists,
             [this] { return policies_->missing_lists().empty(); });
  for (const std::string& list : policies_->missing_lists())
    log::warn("list is not there yet, its filters fall to failureMode", {{"list", list}});
}

void App::write_query_log() {
  for (const auto& worker : workers_)
    worker->query_log().write_out(source_->pods());
  query_log_timer_.expires_after(query_log_interval);
  query_log_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) write_query_log();
  });
}

void App::open_admin(config::Diagnostics& diagnostics) {
  if (auto error = admin_.start(settings_.admin)) {
    diagnostics.push_back(problem("admin", std::move(*error)));
  }
}

void App::start_threads() {
  for (const int signal : {SIGTERM, SIGINT})
    signals_.add(signal);
  for (const auto& upstream : settings_.upstreams) {
    log::info("forwarding", {{"upstream", upstream.name},
                             {"endpoints", upstream.endpoints.size()},
                             {"default", upstream.name == settings_.default_upstream}});
  }
  for (const auto& listener : settings_.listeners) {
    log::info(
        "listening",
        {{"listener", listener.name}, {"address", listener.address}, {"port", listener.port}});
  }
  for (const auto& worker : workers_)
    threads_.emplace_back([&worker] { worker->run(); });
  serving_ = true;
  log::info("ready", {{"version", version},
                      {"workers", workers_.size()},
                      {"adminAddress", settings_.admin.address},
                      {"adminPort", admin_.port()}});
}

void App::run() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    log::info("draining", {{"signal", signal}});
    control_.stop();
  });
  write_query_log();
  certificates_.watch([this](std::uint16_t listener, const TlsServerContext& context) {
    for (const auto& worker : workers_)
      worker->set_tls(listener, context);
  });
  control_.run();
  drain();
}

void App::stop() {
  control_.stop();
}

void App::drain() {
  draining_ = true;  // /readyz says so at once, and nobody new comes
  for (const auto& worker : workers_)
    worker->drain();
  for (auto& thread : threads_)
    thread.join();
  threads_.clear();
  for (const auto& worker : workers_)
    worker->query_log().write_out(source_->pods());
  log::info("stopped");
}

std::vector<const WorkerCounters*> App::counters() const {
  std::vector<const WorkerCounters*> all;
  for (const auto& worker : workers_)
    all.push_back(&worker->counters());
  return all;
}

/// Policies belong to the control thread: the admin server's waits for it. Not for long, because
/// while it drains nobody would come back.
std::optional<ExplainResult> App::explain(const ExplainRequest& request) {
  const auto report = std::make_shared<std::promise<ExplainResult>>();
  auto answer = report->get_future();
  boost::asio::post(control_,
                    [this, report, request] { report->set_value(policies_->explain(request)); });
  if (answer.wait_for(longest_wait_for_control) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

std::vector<std::string> App::unreadiness() const {
  if (draining_) return {"draining"};
  if (!serving_) return {"starting"};
  std::vector<std::string> reasons;
  for (const auto& [name, list] : status_.values().lists)
    if (!list.is_available) reasons.push_back("list " + name + " is not there: " + list.problem);
  return reasons;
}

}  // namespace sluice::proxy
