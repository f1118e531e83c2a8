// SPDX-License-Identifier: Apache-2.0
// Keeps the snapshot file up to date, not more often than is worth it, and on a thread of its own:
// fifty megabytes and a slow disk are nothing that an edit of policy should wait for.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "proxy/cluster_snapshot.hpp"

namespace sluice::proxy {

/// Lives on the control thread; its end waits for what is being written. Without a file it does
/// nothing.
class SnapshotKeeper {
 public:
  /// What a node may forget when it dies; in exchange, ten thousand filters that are edited one by
  /// one are written now and then and not each time.
  static constexpr std::chrono::milliseconds default_interval{5000};

  SnapshotKeeper(boost::asio::io_context& control, std::filesystem::path file,
                 std::chrono::milliseconds interval = default_interval)
      : file_(std::move(file)), boot_id_(current_boot_id()), interval_(interval), timer_(control) {}

  /// What the process before this one left.
  [[nodiscard]] std::optional<ClusterSnapshot> load() const;
  /// Writes what `collect` returns then, an interval after the first call since the last time.
  void save_soon(std::function<ClusterSnapshot()> collect);

 private:
  void wait(std::function<ClusterSnapshot()> collect);
  void save(ClusterSnapshot snapshot);

  std::filesystem::path file_;
  std::string boot_id_;
  std::chrono::milliseconds interval_;
  boost::asio::steady_timer timer_;
  bool is_waiting_ = false;
  std::atomic<bool> is_saving_{false};
  boost::asio::thread_pool writer_{1};
};

}  // namespace sluice::proxy
