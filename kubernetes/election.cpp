// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/election.hpp"

namespace sluice::kubernetes {

ElectionStep Election::next(TimePoint now, std::chrono::system_clock::time_point wall) const {
  if (resume_at_ > now) return ElectionWait{resume_at_};
  if (!is_known_ || is_held_by_other(now)) return ReadLease{};
  return WriteLease{make_lease(wall)};
}

bool Election::is_held_by_other(TimePoint now) const {
  if (!seen_ || seen_->holder.empty() || seen_->holder == settings_.identity) return false;
  return now < changed_ + seen_->duration;
}

Lease Election::make_lease(std::chrono::system_clock::time_point wall) const {
  Lease lease{.holder = settings_.identity,
              .duration = settings_.duration,
              .acquired = micro_time(wall),
              .renewed = micro_time(wall)};
  if (!seen_) return lease;
  lease.resource_version = seen_->resource_version;
  const bool is_ours = seen_->holder == settings_.identity;
  if (is_ours && !seen_->acquired.empty()) lease.acquired = seen_->acquired;
  lease.transitions = seen_->transitions + (is_ours ? 0 : 1);
  return lease;
}

void Election::see(TimePoint now, const Lease& lease) {
  if (!seen_ || seen_->resource_version != lease.resource_version) changed_ = now;
  seen_ = lease;
  is_known_ = true;
}

void Election::take_read(TimePoint now, const std::optional<Lease>& lease) {
  if (lease) {
    see(now, *lease);
  } else {
    seen_.reset();
    is_known_ = true;
  }
  if (holder() != settings_.identity) leads_until_ = {};
  resume_at_ = is_held_by_other(now) ? now + settings_.retry_period : now;
}

void Election::take_written(TimePoint began, const Lease& lease) {
  see(began, lease);
  // From when the request began: the server may have counted from then on.
  leads_until_ = began + settings_.renew_deadline;
  resume_at_ = began + settings_.retry_period;
}

void Election::take_failure(TimePoint now) {
  is_known_ = false;
  resume_at_ = now + settings_.retry_period;
}

std::optional<Lease> Election::release(std::chrono::system_clock::time_point wall) {
  const bool is_ours = is_known_ && seen_ && seen_->holder == settings_.identity;
  leads_until_ = {};
  if (!is_ours) return std::nullopt;
  Lease lease = make_lease(wall);
  lease.holder.clear();
  lease.duration = std::chrono::seconds(1);  // the API wants more than 0
  return lease;
}

}  // namespace sluice::kubernetes
