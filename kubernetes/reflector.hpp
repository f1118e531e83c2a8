// SPDX-License-Identifier: Apache-2.0
// Keeps a copy of the objects of one resource up to date and tells what changes: ListWatch's steps,
// done over an ApiConnection of its own.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "kubernetes/connection.hpp"
#include "kubernetes/list_watch.hpp"

namespace sluice::kubernetes {

struct ReflectorSettings {
  ListWatchSettings list_watch;
  ConnectionSettings connection;
  std::size_t max_event = default_max_event;
  /// How long after its end in order a watch is cut.
  std::chrono::milliseconds watch_grace{30'000};
};

/// Both are called on the reflector's executor and may stop or destroy it.
struct ReflectorCallbacks {
  /// Of a complete list, the first of which may be of no changes at all, or of events that arrived
  /// together.
  std::function<void(const Changes& changes)> on_changes;
  /// After each failure, with the problem as it is now; may be empty.
  std::function<void(const Problem& problem)> on_problem = {};
};

/// How well the copy is kept; for metrics.
struct WatchReport {
  bool is_synced = false;
  ListWatchCounters counters;
};

/// Lives on one executor. `credentials` outlives it, and the executor runs no longer than they.
class Reflector {
 public:
  Reflector(const boost::asio::any_io_executor& executor, Credentials& credentials,
            ReflectorSettings settings, ReflectorCallbacks callbacks);
  Reflector(const Reflector&) = delete;
  Reflector& operator=(const Reflector&) = delete;
  /// Stops; nothing is called any more.
  ~Reflector();

  /// Once.
  void start();
  void stop();

  [[nodiscard]] const SyncState& state() const;
  [[nodiscard]] WatchReport report() const;
  [[nodiscard]] const ObjectStore& store() const;

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

/// Numbers for jitter; one per user.
Random make_random();

}  // namespace sluice::kubernetes
