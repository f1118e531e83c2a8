// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/settling.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

namespace sluice::kubernetes {

using namespace std::chrono_literals;

TEST_CASE("events that come together are told once", "[kubernetes]") {
  boost::asio::io_context context;
  int told = 0;
  Settling settling(context.get_executor(), [&] { ++told; });
  settling.touch();
  settling.touch();
  context.run();
  CHECK(told == 1);
  settling.touch();
  context.restart();
  context.run();
  CHECK(told == 2);
}

TEST_CASE("telling takes a share of the time at most", "[kubernetes]") {
  struct Case {
    std::chrono::milliseconds since_last;
    std::chrono::milliseconds cost;
    std::chrono::milliseconds delay;
  };
  for (const Case& one :
       {Case{0ms, 0ms, settle_time}, Case{0ms, 5ms, settle_time}, Case{0ms, 100ms, 400ms},
        Case{150ms, 100ms, 250ms}, Case{390ms, 100ms, settle_time}, Case{1h, 100ms, settle_time}}) {
    CAPTURE(one.since_last.count(), one.cost.count());
    CHECK(settling_delay(one.since_last, one.cost) == one.delay);
  }
}

}  // namespace sluice::kubernetes
