// SPDX-License-Identifier: Apache-2.0
// The body of a watch, cut into pieces as the first octet says, and what the protocol makes of it.
// No input may crash, and the events do not depend on the pieces.
#include <algorithm>
#include <span>
#include <string>

#include <boost/json/serialize.hpp>

#include "kubernetes/list_watch.hpp"
#include "tests/fuzz/invariant.hpp"

using namespace sluice;
using kubernetes::WatchEvent;

namespace {

constexpr std::size_t max_event = 4096;
constexpr kubernetes::TimePoint now{std::chrono::hours(1000)};

struct Outcome {
  std::vector<WatchEvent> events;
  bool has_failed = false;
};

Outcome read(std::string_view octets, std::size_t piece) {
  kubernetes::WatchStream stream(max_event);
  Outcome outcome;
  for (; !octets.empty() && !stream.failure(); octets.remove_prefix(std::min(piece, octets.size())))
    for (WatchEvent& event : stream.feed(octets.substr(0, piece)))
      outcome.events.push_back(std::move(event));
  outcome.has_failed = stream.failure().has_value();
  return outcome;
}

bool is_same(const WatchEvent& left, const WatchEvent& right) {
  return left.type == right.type &&
         boost::json::serialize(left.object) == boost::json::serialize(right.object);
}

/// A server may say anything at all: what is there stays bounded, and there is a next step.
void run_protocol(std::vector<WatchEvent> events) {
  kubernetes::ListWatch machine({.resource = {.path = "/api/v1/pods"}, .max_objects = 3},
                                [] { return 0.5; });
  (void)machine.take_page(now, {.objects = {}, .resource_version = "1", .continue_token = {}});
  machine.take_watch_open(now);
  const auto progress = machine.take_events(now, std::move(events));
  tests::require(machine.store().size() <= 4);
  tests::require(progress.goes_on || machine.state().problem.has_value());
  tests::require(!machine.resource_version().empty());
  tests::require(machine.next(now).index() < 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(data + 1, data + size);
  Outcome whole = read(text, text.size() + 1);
  const Outcome pieces = read(text, data[0] % 61U + 1U);
  tests::require(whole.has_failed == pieces.has_failed);
  tests::require(std::ranges::equal(whole.events, pieces.events, is_same));
  run_protocol(std::move(whole.events));
  return 0;
}
