// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_id_table.hpp"

#include <map>
#include <memory>
#include <set>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;

TEST_CASE("no ID is used twice while its answer is outstanding", "[proxy][upstream-id-table]") {
  const auto table = std::make_unique<UpstreamIdTable>();
  RandomNumbers random;
  std::map<std::uint16_t, std::uint32_t> ids;
  for (std::uint32_t i = 0; i < UpstreamIdTable::capacity; ++i)
    ids[table->insert({i, 0}, random)] = i;
  CHECK(table->is_full());
  REQUIRE(ids.size() == UpstreamIdTable::capacity);
  for (const auto& [id, slot] : ids)
    CHECK(table->find(id) == QueryReference{slot, 0});
}

TEST_CASE("an ID finds nothing before it is used and after it is erased",
          "[proxy][upstream-id-table]") {
  const auto table = std::make_unique<UpstreamIdTable>();
  RandomNumbers random;
  const std::uint16_t id = table->insert({7, 3}, random);
  const auto neighbour = static_cast<std::uint16_t>(id + UpstreamIdTable::buckets);
  CHECK_FALSE(table->find(neighbour));
  table->erase(neighbour);
  CHECK(table->size() == 1);
  table->erase(id);
  table->erase(id);
  CHECK_FALSE(table->find(id));
  CHECK(table->size() == 0);
}

TEST_CASE("IDs use all 16 bits", "[proxy][upstream-id-table]") {
  const auto table = std::make_unique<UpstreamIdTable>();
  RandomNumbers random;
  std::set<int> used;
  std::uint16_t all_or = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const std::uint16_t id = table->insert({i, 0}, random);
    table->erase(id);
    used.insert(id);
    all_or |= id;
  }
  CHECK(used.size() > 900);
  CHECK(all_or == 0xffff);
}
