// SPDX-License-Identifier: Apache-2.0
#include "proxy/controller.hpp"

#include <array>
#include <csignal>
#include <utility>

#include <unistd.h>

#include "kubernetes/find_cluster.hpp"
#include "kubernetes/in_cluster.hpp"
#include "kubernetes/programmed.hpp"
#include "kubernetes/status_report.hpp"
#include "proxy/admin_server_routes.hpp"
#include "proxy/api_server.hpp"
#include "proxy/log.hpp"
#include "proxy/version.hpp"

namespace sluice::proxy {
namespace {

constexpr const char* pod_name_variable = "POD_NAME";
/// Kubernetes waits 30 seconds before it kills; whoever cannot give the Lease up by then does not.
constexpr std::chrono::seconds longest_end{5};

/// Nodes report one after the other. What they say is counted together.
constexpr std::chrono::seconds count_interval{2};
/// How often it is looked which nodes have been silent for too long.
constexpr std::chrono::seconds expire_interval{30};

/// A pod's name is its alone. A host may have several controllers.
std::string find_identity() {
  std::string name = kubernetes::environment_variable(pod_name_variable);
  if (!name.empty()) return name;
  std::array<char, 256> host{};
  (void)gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + '_' + std::to_string(getpid());
}

}  // namespace

Controller::Controller(config::ControllerSettings settings)
    : settings_(std::move(settings)),
      settling_(context_.get_executor(), [this] { judge(); }),
      tell_timer_(context_),
      admin_(context_, standard_routes({.explain = {},
                                        .metrics = [this] { return metrics(); },
                                        .unreadiness = [this] { return unreadiness(); }})),
      signals_(context_),
      end_timer_(context_) {}

config::Diagnostics Controller::start() {
  config::Diagnostics diagnostics;
  auto access = kubernetes::find_cluster(settings_.kubernetes.kubeconfig,
                                         settings_.kubernetes.context, diagnostics);
  if (auto problem = admin_.start(settings_.admin))
    diagnostics.push_back({.path = "admin", .message = *std::move(problem)});
  if (!access || !diagnostics.empty()) return diagnostics;
  connect(*std::move(access));
  if (settings_.webhook) open_webhook(diagnostics);
  return diagnostics;
}

void Controller::connect(kubernetes::ClusterAccess access) {
  const std::string identity = find_identity();
  const auto executor = context_.get_executor();
  credentials_ = std::make_unique<kubernetes::Credentials>(std::move(access));
  watch_policies();
  watch_nodes();
  const config::Lease& lease = settings_.lease;
  leadership_ = std::make_unique<Leadership>(
      executor, *credentials_,
      Leadership::Settings{.lease = {lease.namespace_name, lease.name},
                           .election = {.identity = identity,
                                        .duration = lease.duration,
                                        .renew_deadline = lease.renew_deadline,
                                        .retry_period = lease.retry_period}},
      [this] {
        tell();
        if (webhook_ != nullptr) webhook_->begin();
      });
  writer_ = std::make_unique<StatusWriter>(
      executor, StatusWriter::Surroundings{.credentials = *credentials_,
                                           .watch = *watch_,
                                           .is_leader = [this] { return leadership_->is_leader(); },
                                           .identity = identity});
}

void Controller::watch_policies() {
  watch_ = std::make_unique<kubernetes::PolicyWatch>(
      context_.get_executor(), *credentials_,
      kubernetes::PolicyWatchSettings{.connection = api_connection("controller")},
      kubernetes::PolicyWatchCallbacks{
          .on_changes = [this](const auto& type,
                               const auto& changes) { take_changes(type, changes); },
          .on_problem =
              [this](const std::string& name, const kubernetes::Problem& problem) {
                log_problem(name, problem);
                settling_.touch();  // a kind that is not installed may be the last one missing
              }});
}

/// Every replica does, so that whoever comes to lead knows.
void Controller::watch_nodes() {
  nodes_ = std::make_unique<kubernetes::Reflector>(
      context_.get_executor(), *credentials_,
      kubernetes::ReflectorSettings{
          .list_watch = {.resource = kubernetes::report_resource(settings_.lease.namespace_name)},
          .connection = api_connection("controller")},
      kubernetes::ReflectorCallbacks{
          .on_changes = [this](const kubernetes::Changes& changes) { take_reports(changes); },
          .on_problem =
              [](const kubernetes::Problem& problem) { log_problem("leases", problem); }});
}

void Controller::open_webhook(config::Diagnostics& diagnostics) {
  webhook_ = std::make_unique<Webhook>(
      context_.get_executor(), *settings_.webhook,
      Webhook::Surroundings{.credentials = *credentials_,
                            .is_leader = [this] { return leadership_->is_leader(); }});
  if (auto problem = webhook_->start())
    diagnostics.push_back({.path = "webhook", .message = *std::move(problem)});
}

void Controller::run() {
  for (const int signal : {SIGTERM, SIGINT})
    signals_.add(signal);
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (!error) end(signal);
  });
  writer_->start();
  watch_->start();
  nodes_->start();
  tell_soon();
  leadership_->start();
  log::info("ready", {{"version", version},
                      {"adminAddress", settings_.admin.address},
                      {"adminPort", admin_.port()},
                      {"webhookPort", webhook_ != nullptr ? webhook_->port() : 0}});
  context_.run();
  log::info("stopped");
}

void Controller::take_changes(const kubernetes::ObjectType& type,
                              const kubernetes::Changes& changes) {
  rollout_.take_policies(type, changes, std::chrono::steady_clock::now());
  if (kubernetes::has_news(changes)) settling_.touch();
  for (const kubernetes::Change& change : changes) {
    if (change.kind == kubernetes::ChangeKind::updated)
      writer_->touch(kubernetes::key_of(*change.object, type));
  }
}

/// Not before everything was seen once: what refers to a list that is still to come is not wrong.
void Controller::judge() {
  if (!watch_->missing().empty()) return;
  const auto sources = std::make_shared<const crds::Sources>(watch_->sources());
  const auto loaded = loader_.load(*sources, {.warnings = crds::Warnings::overrides});
  const kubernetes::StatusReport report(loaded);
  statuses_.clear();
  for (const crds::ObjectKey& key : watch_->policies())
    statuses_.emplace(key, report.status_of(key, *watch_->find(key)));
  if (webhook_ != nullptr) webhook_->use(sources);
  judged_.objects = loaded.object_count;
  judged_.invalid_objects = loaded.invalid_count;
  ++judged_.loads;
  log::debug("objects judged", {{"objects", statuses_.size()}, {"invalid", loaded.invalid_count}});
  tell();
}

void Controller::take_reports(const kubernetes::Changes& changes) {
  const bool has_news = rollout_.take_reports(changes, std::chrono::steady_clock::now(),
                                              std::chrono::system_clock::now());
  if (has_news && !std::exchange(is_telling_, true)) tell_soon();
}

void Controller::tell_soon() {
  tell_timer_.expires_after(is_telling_ ? count_interval : expire_interval);
  tell_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    is_telling_ = false;
    tell();
    tell_soon();
  });
}

void Controller::tell() {
  const auto now = std::chrono::steady_clock::now();
  (void)rollout_.expire(now);
  StatusWriter::Wanted wanted = statuses_;
  const auto count = rollout_.count();
  judged_.nodes = count.nodes();
  judged_.outdated_nodes = count.outdated();
  for (auto& [key, status] : wanted) {
    const auto object = watch_->find(key);
    if (object && kubernetes::has_nodes(key.kind))
      kubernetes::add_progress(count.of(key), *object, now, status);
  }
  writer_->want(std::move(wanted));
}

void Controller::end(int signal) {
  log::info("ending", {{"signal", signal}});
  writer_->stop();
  if (webhook_ != nullptr) webhook_->stop();
  leadership_->release([this] { context_.stop(); });
  end_timer_.expires_after(longest_end);
  end_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) context_.stop();
  });
}

std::vector<std::string> Controller::unreadiness() const {
  auto reasons = watch_->missing();
  if (reasons.empty() && judged_.loads == 0) reasons.emplace_back("starting");
  if (webhook_ == nullptr) return reasons;
  if (auto reason = webhook_->unreadiness()) reasons.push_back(*std::move(reason));
  return reasons;
}

std::string Controller::metrics() const {
  ControllerState state = judged_;
  state.is_leader = leadership_->is_leader();
  state.writes = writer_->counters();
  state.pending = writer_->pending();
  if (webhook_ != nullptr) state.webhook = webhook_->metrics();
  return controller_metrics_text(state);
}

}  // namespace sluice::proxy
