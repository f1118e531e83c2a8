// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_random.hpp"

#include <set>

#include <catch2/catch_test_macros.hpp>

TEST_CASE("random numbers differ within a batch, between batches and between generators",
          "[proxy][upstream-random]") {
  std::set<std::uint16_t> seen;
  for (int generator = 0; generator < 10; ++generator) {
    sluice::proxy::RandomNumbers random;
    for (int i = 0; i < 300; ++i)
      seen.insert(random.next());
  }
  CHECK(seen.size() > 2800);  // 3,000 draws of 65,536 collide about 67 times
}
