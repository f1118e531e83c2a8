// SPDX-License-Identifier: Apache-2.0
// Keeps the snapshot file up to date, not more often than is worth it.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "proxy/cluster_snapshot.hpp"

namespace sluice::proxy {

/// Lives on the control thread. Without a file it does nothing.
class SnapshotKeeper {
 public:
  SnapshotKeeper(boost::asio::io_context& control, std::filesystem::path file)
      : file_(std::move(file)), boot_id_(current_boot_id()), timer_(control) {}

  /// What the process before this one left.
  [[nodiscard]] std::optional<ClusterSnapshot> load() const;
  /// Writes what `collect` returns then, some seconds after the first call since the last time.
  void save_soon(std::function<ClusterSnapshot()> collect);

 private:
  void save(const ClusterSnapshot& snapshot) const;

  std::filesystem::path file_;
  std::string boot_id_;
  boost::asio::steady_timer timer_;
  bool is_waiting_ = false;
};

}  // namespace sluice::proxy
