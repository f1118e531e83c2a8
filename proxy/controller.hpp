// SPDX-License-Identifier: Apache-2.0
// `sluice controller` as a whole: watches all policies, judges them with the code that agents have,
// and writes what came of it into their status. Where it has a webhook, it answers the API server
// about objects that are still to be stored. One thread does all of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/controller_settings.hpp"
#include "crds/loader.hpp"
#include "kubernetes/credentials.hpp"
#include "kubernetes/policy_watch.hpp"
#include "kubernetes/rollout.hpp"
#include "kubernetes/settling.hpp"
#include "proxy/admin_server.hpp"
#include "proxy/controller_metrics.hpp"
#include "proxy/leadership.hpp"
#include "proxy/status_writer.hpp"
#include "proxy/webhook.hpp"

namespace sluice::proxy {

class Controller {
 public:
  explicit Controller(config::ControllerSettings settings);
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;
  ~Controller() = default;

  /// Finds the API server, opens the admin server and the webhook. Everything that is wrong, or
  /// nothing.
  config::Diagnostics start();
  /// Until SIGTERM or SIGINT; gives the Lease up then.
  void run();

 private:
  void connect(kubernetes::ClusterAccess access);
  void watch_policies();
  void open_webhook(config::Diagnostics& diagnostics);
  void take_changes(const kubernetes::ObjectType& type, const kubernetes::Changes& changes);
  void watch_nodes();
  void take_reports(const kubernetes::Changes& changes);
  void judge();
  /// Has written what was judged, with how far it has come on the nodes.
  void tell();
  void tell_soon();
  void end(int signal);
  [[nodiscard]] std::vector<std::string> unreadiness() const;
  [[nodiscard]] std::string metrics() const;

  config::ControllerSettings settings_;
  boost::asio::io_context context_{1};
  std::unique_ptr<kubernetes::Credentials> credentials_;
  kubernetes::Settling settling_;
  std::unique_ptr<kubernetes::PolicyWatch> watch_;
  std::unique_ptr<kubernetes::Reflector> nodes_;
  kubernetes::Rollout rollout_;
  std::unique_ptr<Leadership> leadership_;
  std::unique_ptr<StatusWriter> writer_;
  std::unique_ptr<Webhook> webhook_;  ///< null: there is none
  crds::Loader loader_;
  ControllerState judged_;         ///< what the last load came to
  StatusWriter::Wanted statuses_;  ///< of the last load, without nodes
  boost::asio::steady_timer tell_timer_;
  bool is_telling_ = false;  ///< the timer runs, and not only to look at what goes by itself
  AdminServer admin_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer end_timer_;
};

}  // namespace sluice::proxy
