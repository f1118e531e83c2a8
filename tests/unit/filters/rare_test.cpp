// SPDX-License-Identifier: Apache-2.0
#include "filters/rare.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

using sluice::filters::Rare;
using sluice::filters::RareList;

TEST_CASE("a rare part reads as its default until it is given", "[filters]") {
  Rare<std::string> part;
  CHECK_FALSE(part.is_given());
  CHECK(part->empty());
  part = std::string("given");
  CHECK(part.is_given());
  CHECK(*part == "given");
  CHECK(sizeof(part) == sizeof(void*));
}

TEST_CASE("copies of a rare part are parts of their own", "[filters]") {
  Rare<std::string> part(std::string("one"));
  const Rare<std::string> copy = part;
  part = std::string("two");
  CHECK(*copy == "one");
  part = copy;
  CHECK(*part == "one");
  part = Rare<std::string>();
  CHECK_FALSE(part.is_given());
}

TEST_CASE("a rare list reads as a vector", "[filters]") {
  RareList<int> list;
  CHECK(list.empty());
  CHECK(list.begin() == list.end());
  CHECK(list == std::vector<int>());
  CHECK(sizeof(list) == sizeof(void*));
  list = {1, 2};
  CHECK(list.size() == 2);
  CHECK(list[1] == 2);
  CHECK(list == std::vector{1, 2});
  list = std::vector<int>();
  CHECK(list.empty());
}
