// SPDX-License-Identifier: Apache-2.0
// `sluice serve`: builds the parts, runs them, takes changes in, and ends without losing a query.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_timer.hpp>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"
#include "proxy/admin_server.hpp"
#include "proxy/collector.hpp"
#include "proxy/listener_certificates.hpp"
#include "proxy/own_pod.hpp"
#include "proxy/policy_problems.hpp"
#include "proxy/policy_reload.hpp"
#include "proxy/policy_source.hpp"
#include "proxy/worker.hpp"

namespace sluice::proxy {

class App {
 public:
  /// Does nothing yet.
  explicit App(config::Settings settings);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Loads policies, opens sockets, starts workers. What is wrong, all of it, or nothing: then it
  /// serves.
  config::Diagnostics start();
  /// Waits for SIGTERM, SIGINT or stop(), then drains.
  void run();
  /// Ends run(). Any thread.
  void stop();

  /// As they are bound: ports that the kernel chose are filled in. After start().
  [[nodiscard]] const std::vector<config::Listener>& listeners() const {
    return settings_.listeners;
  }
  [[nodiscard]] std::uint16_t admin_port() const { return admin_.port(); }

 private:
  void make_workers(config::Diagnostics& diagnostics);
  void open_listeners(config::Diagnostics& diagnostics);
  [[nodiscard]] std::optional<TlsServerContext> load_certificate(std::uint16_t listener,
                                                                 config::Diagnostics& diagnostics);
  std::unique_ptr<PolicySource> make_source(config::Diagnostics& diagnostics);
  std::optional<StaticIdentities> make_identities(config::Diagnostics& diagnostics);
  void take_own_pod(const filters::Workload& pod);
  void load_policies(config::Diagnostics& diagnostics);
  void wait_for_source();
  void reload();
  void publish(const PolicyReload::Result& policies);
  void compile_at(const std::optional<filters::WallTime>& time);
  void recompile();
  void wait_for_lists();
  void wait_until(std::chrono::steady_clock::time_point deadline,
                  const std::function<bool()>& condition);
  void write_query_log();
  void open_admin(config::Diagnostics& diagnostics);
  void start_threads();
  void drain();
  [[nodiscard]] std::vector<const WorkerCounters*> counters() const;
  [[nodiscard]] std::vector<std::string> unreadiness() const;
  std::optional<ExplainResult> explain(const ExplainRequest& request);

  config::Settings settings_;
  std::uint64_t hash_seed_;
  boost::asio::io_context control_{1};  ///< signals and policy changes, on the thread of run()
  boost::asio::io_context admin_context_{1};
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::thread admin_thread_;
  ProcessStatus status_;
  RateLimiter rates_;
  std::optional<CertificateIdentity> certificate_identity_;
  TenantRegistry tenants_;
  UpstreamRegistry upstreams_;
  std::unique_ptr<DecisionRegistry> decisions_;
  std::unique_ptr<Collector> collector_;
  std::unique_ptr<PolicySource> source_;
  std::unique_ptr<PolicyReload> policies_;
  std::optional<OwnPodWatch> own_pod_;
  ListenerCertificates certificates_;
  PolicyProblems problems_;
  boost::asio::system_timer schedule_timer_;  ///< by the clock on the wall: schedules mean that one
  boost::asio::steady_timer query_log_timer_;
  AdminServer admin_;
  boost::asio::signal_set signals_;
  std::atomic<bool> draining_{false};
  std::atomic<bool> serving_{false};
};

}  // namespace sluice::proxy
