// SPDX-License-Identifier: Apache-2.0
#include "proxy/snapshot_keeper.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "proxy/capabilities.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {

std::optional<ClusterSnapshot> SnapshotKeeper::load() const {
  if (file_.empty()) return std::nullopt;
  std::string problem;
  auto snapshot = read_snapshot(file_, boot_id_, problem);
  if (!problem.empty()) log::warn("snapshot cannot be used", {{"problem", problem}});
  return snapshot;
}

void SnapshotKeeper::save_soon(std::function<ClusterSnapshot()> collect) {
  if (file_.empty() || std::exchange(is_waiting_, true)) return;
  wait(std::move(collect));
}

void SnapshotKeeper::wait(std::function<ClusterSnapshot()> collect) {
  timer_.expires_after(interval_);
  timer_.async_wait([this, collect = std::move(collect)](const auto& error) mutable {
    if (error) return;
    if (is_saving_) return wait(std::move(collect));  // the disk is slow: nothing piles up
    is_waiting_ = false;
    save(collect());
  });
}

/// Objects are shared and never change, so another thread may read them.
void SnapshotKeeper::save(ClusterSnapshot snapshot) {
  is_saving_ = true;
  boost::asio::post(writer_, [this, snapshot = std::move(snapshot)] {
    renounce_privileged_ports();
    if (const auto problem = write_snapshot(file_, snapshot, boot_id_))
      log::error("snapshot cannot be written", {{"problem", *problem}});
    is_saving_ = false;
  });
}

}  // namespace sluice::proxy
