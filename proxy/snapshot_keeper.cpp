// SPDX-License-Identifier: Apache-2.0
#include "proxy/snapshot_keeper.hpp"

#include <utility>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

/// What a node may forget when it dies; in exchange, ten thousand filters that are edited one by
/// one are written now and then and not each time.
constexpr std::chrono::seconds save_interval{5};

}  // namespace

std::optional<ClusterSnapshot> SnapshotKeeper::load() const {
  if (file_.empty()) return std::nullopt;
  std::string problem;
  auto snapshot = read_snapshot(file_, boot_id_, problem);
  if (!problem.empty()) log::warn("snapshot cannot be used", {{"problem", problem}});
  return snapshot;
}

void SnapshotKeeper::save_soon(std::function<ClusterSnapshot()> collect) {
  if (file_.empty() || is_waiting_) return;
  is_waiting_ = true;
  timer_.expires_after(save_interval);
  timer_.async_wait([this, collect = std::move(collect)](const boost::system::error_code& error) {
    if (error) return;
    is_waiting_ = false;
    save(collect());
  });
}

void SnapshotKeeper::save(const ClusterSnapshot& snapshot) const {
  if (const auto problem = write_snapshot(file_, snapshot, boot_id_))
    log::error("snapshot cannot be written", {{"problem", *problem}});
}

}  // namespace sluice::proxy
