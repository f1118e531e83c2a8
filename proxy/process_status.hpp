// SPDX-License-Identifier: Apache-2.0
// What the process as a whole has to say of itself: written by the control thread, read by scrapes.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "kubernetes/reflector.hpp"

namespace sluice::proxy {

using SystemTime = std::chrono::system_clock::time_point;

/// A policy set that took effect.
struct PolicyLoad {
  std::uint64_t generation = 0;
  std::uint64_t objects = 0;
  std::uint64_t invalid_objects = 0;  ///< not in force, or in their last good form
  SystemTime time;
};

/// One list, as of its last good version.
struct ListState {
  bool is_available = false;  ///< some version is in force
  std::uint64_t entries = 0;
  std::uint64_t bad_lines = 0;
  std::uint64_t memory = 0;  ///< octets
  SystemTime last_success;   ///< loaded, or found unchanged
  std::uint64_t failures = 0;
  std::string problem;  ///< of the last attempt; empty when that went well
};

/// Whom the API server's pods identify.
struct PodCounts {
  std::uint64_t pods = 0;       ///< that have an address
  std::uint64_t contested = 0;  ///< addresses that several pods claim: they identify nobody
};

/// What came of telling the API server what is in force.
enum class ReportResult : std::uint8_t { written, failed };

/// Thread-safe.
class ProcessStatus {
 public:
  struct Values {
    std::string version;
    std::optional<PolicyLoad> policy;  ///< the one in force; nothing before the first
    std::uint64_t reloads_succeeded = 0;
    std::uint64_t reloads_failed = 0;
    std::map<std::string, SystemTime> certificate_expiry;    ///< by listener
    std::map<std::string, ListState> lists;                  ///< `name` or `namespace/name`
    std::map<std::string, kubernetes::WatchReport> watches;  ///< by resource: `dnsfilters`
    std::optional<PodCounts> pods;                           ///< where an API server tells of them
    std::uint64_t reports_written = 0;
    std::uint64_t reports_failed = 0;
  };

  explicit ProcessStatus(std::string version) { values_.version = std::move(version); }

  void policy_loaded(const PolicyLoad& load) {
    const std::lock_guard lock(mutex_);
    values_.policy = load;
    ++(load.invalid_objects == 0 ? values_.reloads_succeeded : values_.reloads_failed);
  }
  /// Nothing of it could be read: the policy set before it stays in force.
  void policy_failed() {
    const std::lock_guard lock(mutex_);
    ++values_.reloads_failed;
  }
  void certificate_loaded(const std::string& listener, SystemTime not_after) {
    const std::lock_guard lock(mutex_);
    values_.certificate_expiry[listener] = not_after;
  }
  void list_changed(const std::string& list, const ListState& state) {
    const std::lock_guard lock(mutex_);
    values_.lists[list] = state;
  }
  void list_removed(const std::string& list) {
    const std::lock_guard lock(mutex_);
    values_.lists.erase(list);
  }
  void watches_changed(std::map<std::string, kubernetes::WatchReport> watches) {
    const std::lock_guard lock(mutex_);
    values_.watches = std::move(watches);
  }
  void pods_changed(const PodCounts& pods) {
    const std::lock_guard lock(mutex_);
    values_.pods = pods;
  }
  void node_reported(ReportResult result) {
    const std::lock_guard lock(mutex_);
    ++(result == ReportResult::written ? values_.reports_written : values_.reports_failed);
  }
  [[nodiscard]] Values values() const {
    const std::lock_guard lock(mutex_);
    return values_;
  }

 private:
  mutable std::mutex mutex_;
  Values values_;
};

}  // namespace sluice::proxy
