// SPDX-License-Identifier: Apache-2.0
#include "proxy/snapshot_keeper.hpp"

#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/certificate.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  tests::TemporaryDirectory directory;
  boost::asio::io_context control{1};
  std::size_t collected = 0;
  SnapshotKeeper keeper{control, directory.path() / "snapshot", 1ms};

  void save_soon() {
    keeper.save_soon([this] {
      ++collected;
      return ClusterSnapshot{{{"DNSFilter", {}}}};
    });
  }
  /// Whether so many snapshots come to be made.
  bool collects(std::size_t count) {
    return tests::eventually(10s, [&] {
      control.restart();
      control.run_for(5ms);
      return collected == count;
    });
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "what was asked for together is written once, and can be loaded",
                 "[proxy][snapshot]") {
  CHECK_FALSE(keeper.load());
  save_soon();
  save_soon();
  CHECK(collects(1));
  CHECK(tests::eventually(10s, [&] { return keeper.load().has_value(); }));
  control.restart();
  control.run_for(5ms);
  CHECK(collected == 1);
}

TEST_CASE_METHOD(Fixture, "what changes while a snapshot is written is written after it",
                 "[proxy][snapshot]") {
  for (std::size_t round = 1; round <= 20; ++round) {
    save_soon();
    CHECK(collects(round));
  }
}

TEST_CASE_METHOD(Fixture, "a snapshot is not collected on the thread that writes it",
                 "[proxy][snapshot]") {
  std::thread::id collector;
  keeper.save_soon([&] {
    collector = std::this_thread::get_id();
    ++collected;
    return ClusterSnapshot{};
  });
  CHECK(collects(1));
  CHECK(collector == std::this_thread::get_id());
}

TEST_CASE("without a file nothing is collected", "[proxy][snapshot]") {
  boost::asio::io_context control{1};
  SnapshotKeeper keeper(control, {}, 1ms);
  keeper.save_soon([]() -> ClusterSnapshot { throw std::logic_error("collected"); });
  CHECK_NOTHROW(control.run_for(5ms));
}

}  // namespace sluice::proxy
