// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/election.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::kubernetes;
using namespace std::chrono_literals;

namespace {

const TimePoint start = TimePoint{} + 1h;
const std::chrono::system_clock::time_point wall{1'700'000'000s};

Lease held_by(const std::string& holder, const std::string& version) {
  return {.holder = holder, .duration = 15s, .transitions = 1, .resource_version = version};
}

bool reads(const Election& election, TimePoint now) {
  return std::holds_alternative<ReadLease>(election.next(now, wall));
}

bool waits(const Election& election, TimePoint now) {
  return std::holds_alternative<ElectionWait>(election.next(now, wall));
}

/// The Lease that it would write; without a holder when it would not.
Lease written(const Election& election, TimePoint now) {
  const auto step = election.next(now, wall);
  const auto* write = std::get_if<WriteLease>(&step);
  return write == nullptr ? Lease{} : write->lease;
}

Election leader() {
  Election election({.identity = "us"});
  election.take_read(start, std::nullopt);
  election.take_written(start, held_by("us", "1"));
  return election;
}

}  // namespace

TEST_CASE("a lease that nobody has is made", "[kubernetes][election]") {
  Election election({.identity = "us"});
  CHECK(reads(election, start));
  election.take_read(start, std::nullopt);
  CHECK(written(election, start).holder == "us");
  CHECK(written(election, start).resource_version.empty());
  CHECK_FALSE(election.is_leader(start));
  election.take_written(start, held_by("us", "1"));
  CHECK(election.is_leader(start));
}

TEST_CASE("a leader renews, and stops before the others take over", "[kubernetes][election]") {
  Election election = leader();
  CHECK(waits(election, start + 1999ms));
  CHECK(written(election, start + 2s).resource_version == "1");
  CHECK(written(election, start + 2s).transitions == 1);
  election.take_failure(start + 3s);
  CHECK(reads(election, start + 5s));  // what is there may be of a write that we did not hear of
  CHECK(election.is_leader(start + 9999ms));
  CHECK_FALSE(election.is_leader(start + 10s));
}

TEST_CASE("time counts from when a renewal was sent", "[kubernetes][election]") {
  Election election = leader();
  election.take_written(start + 2s, held_by("us", "2"));  // answered much later
  CHECK(election.is_leader(start + 11999ms));
  CHECK_FALSE(election.is_leader(start + 12s));
}

TEST_CASE("another's lease is taken when it was not renewed for as long as it lasts",
          "[kubernetes][election]") {
  Election election({.identity = "us"});
  election.take_read(start, held_by("them", "5"));
  CHECK(waits(election, start + 1s));
  CHECK(reads(election, start + 2s));
  election.take_read(start + 10s, held_by("them", "6"));  // renewed
  CHECK(reads(election, start + 24s));
  election.take_read(start + 24s, held_by("them", "6"));
  const Lease lease = written(election, start + 26s);
  CHECK(lease.holder == "us");
  CHECK(lease.resource_version == "6");
  CHECK(lease.transitions == 2);
}

TEST_CASE("whoever finds another one in its place leads no more", "[kubernetes][election]") {
  Election election = leader();
  election.take_failure(start + 2s);
  election.take_read(start + 4s, held_by("them", "9"));
  CHECK_FALSE(election.is_leader(start + 4s));
}

TEST_CASE("a lease is given up by the one who has it", "[kubernetes][election]") {
  Election election = leader();
  const auto released = election.release(wall);
  REQUIRE(released);
  CHECK(released->holder.empty());
  CHECK(released->resource_version == "1");
  CHECK_FALSE(election.is_leader(start));
  Election other({.identity = "us"});
  other.take_read(start, held_by("them", "5"));
  CHECK_FALSE(other.release(wall));
  // What was given up is free at once.
  other.take_read(start, Lease{.duration = 1s, .resource_version = "6"});
  CHECK(written(other, start).holder == "us");
}
