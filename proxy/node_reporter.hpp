// SPDX-License-Identifier: Apache-2.0
// Tells the API server, in a Lease of this node, which policies are in force here. After a change
// it waits a random part of an interval, and it never writes twice within one: thousands of nodes
// learn of a change at the same moment. At rest it writes every two minutes, to say that it is
// there.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "kubernetes/connection.hpp"
#include "kubernetes/node_report.hpp"
#include "proxy/process_status.hpp"

namespace sluice::proxy {

/// Lives on one executor, which runs no longer than it lives.
class NodeReporter {
 public:
  struct Settings {
    kubernetes::NodeIdentity identity;
    std::chrono::milliseconds interval{10'000};
  };

  /// `credentials` and `status` outlive this.
  NodeReporter(const boost::asio::any_io_executor& executor, kubernetes::Credentials& credentials,
               Settings settings, ProcessStatus& status);
  NodeReporter(const NodeReporter&) = delete;
  NodeReporter& operator=(const NodeReporter&) = delete;
  ~NodeReporter();

  /// Once.
  void start();
  /// What is in force from now on.
  void report(kubernetes::NodeReport report);

 private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> write();
  [[nodiscard]] std::chrono::milliseconds spread(std::chrono::milliseconds duration) const;

  Settings settings_;
  ProcessStatus& status_;
  kubernetes::ApiConnection connection_;
  boost::asio::steady_timer timer_;
  kubernetes::Random random_;
  std::optional<kubernetes::NodeReport> wanted_;
  std::optional<kubernetes::NodeReport> written_;
  kubernetes::TimePoint not_before_;  ///< the next write
  kubernetes::TimePoint due_ = kubernetes::TimePoint::max();
  std::uint64_t failures_ = 0;  ///< in a row
};

}  // namespace sluice::proxy
