// SPDX-License-Identifier: Apache-2.0
// Who of several is the one that writes, by a Lease. All of the knowledge and none of the I/O, as
// ListWatch: whoever drives it asks for the next step, does it, and tells what came of it.
//
//   nobody has the Lease, or its holder has not      -> write it with our name; the resource
//   version renewed it for its duration, as we saw it           makes sure that only one of several
//   succeeds we have it                                       -> renew it, again and again renewing
//   fails for the renew deadline            -> we stop leading, before the others take over
//
// Durations are counted from what was seen here, by this machine's monotonic clock: clocks of
// others may say anything.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "kubernetes/backoff.hpp"
#include "kubernetes/lease.hpp"

namespace sluice::kubernetes {

struct ElectionSettings {
  std::string identity;  ///< what we write as the holder; another process has another one
  std::chrono::seconds duration{15};
  std::chrono::milliseconds renew_deadline{10'000};  ///< shorter than `duration`
  std::chrono::milliseconds retry_period{2000};
};

/// Nothing to do until then.
struct ElectionWait {
  TimePoint until;
};
struct ReadLease {};
/// With a resource version an update, otherwise a creation.
struct WriteLease {
  Lease lease;
};
using ElectionStep = std::variant<ElectionWait, ReadLease, WriteLease>;

class Election {
 public:
  explicit Election(ElectionSettings settings) : settings_(std::move(settings)) {}

  /// `wall` is only what people read in the Lease.
  [[nodiscard]] ElectionStep next(TimePoint now, std::chrono::system_clock::time_point wall) const;

  /// What ReadLease brought; nothing when there is no such Lease.
  void take_read(TimePoint now, const std::optional<Lease>& lease);
  /// WriteLease, begun at `began`, went well; `lease` is as the server has it now.
  void take_written(TimePoint began, const Lease& lease);
  /// Either failed, or another one was there before (409).
  void take_failure(TimePoint now);

  /// Whether we may write now. Ask before each write: no answer of the server makes it end in time.
  [[nodiscard]] bool is_leader(TimePoint now) const { return now < leads_until_; }
  /// The end of our time, unless it is renewed before.
  [[nodiscard]] TimePoint leads_until() const { return leads_until_; }
  /// Who has it, as far as we know; empty for nobody.
  [[nodiscard]] std::string holder() const { return seen_ ? seen_->holder : ""; }

  /// Gives it up: the Lease to write so that the others need not wait; nothing when it is not ours.
  [[nodiscard]] std::optional<Lease> release(std::chrono::system_clock::time_point wall);

 private:
  [[nodiscard]] bool is_held_by_other(TimePoint now) const;
  [[nodiscard]] Lease make_lease(std::chrono::system_clock::time_point wall) const;
  void see(TimePoint now, const Lease& lease);

  ElectionSettings settings_;
  std::optional<Lease> seen_;  ///< as of the last answer
  bool is_known_ = false;      ///< whether `seen_` is what the server has, as far as we know
  TimePoint changed_;          ///< when `seen_` was last seen to have changed
  TimePoint resume_at_;
  TimePoint leads_until_;
};

}  // namespace sluice::kubernetes
