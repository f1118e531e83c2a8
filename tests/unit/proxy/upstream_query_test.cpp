// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_query.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;

namespace {
const std::vector<std::uint8_t> message{1, 2, 3};
}

TEST_CASE("a finished query is not found, not even when its slot is used again",
          "[proxy][upstream-query]") {
  UpstreamQueries queries(1);
  const auto first = queries.add(11, message, {});
  REQUIRE(first);
  CHECK(queries.find(*first)->token == 11);
  CHECK_FALSE(queries.add(12, message, {}));
  queries.remove(*first);
  CHECK(queries.find(*first) == nullptr);

  const auto second = queries.add(13, message, {});
  REQUIRE(second);
  CHECK(second->slot == first->slot);
  CHECK(queries.find(*first) == nullptr);
  queries.remove(*first);
  CHECK(queries.find(*second)->token == 13);
}

TEST_CASE("a query starts afresh in a slot that another has used", "[proxy][upstream-query]") {
  UpstreamQueries queries(1);
  const auto first = queries.add(1, message, {});
  queries.find(*first)->attempts = 3;
  queries.find(*first)->last_endpoint = 1;
  queries.find(*first)->is_waiting = true;
  queries.remove(*first);
  const UpstreamQuery& query = *queries.find(*queries.add(2, message, {}));
  CHECK(query.attempts == 0);
  CHECK_FALSE(query.last_endpoint);
  CHECK_FALSE(query.is_waiting);
  CHECK(query.message == message);
}

TEST_CASE("the list has the unanswered queries and nothing else", "[proxy][upstream-query]") {
  UpstreamQueries queries(10);
  std::vector<QueryReference> added;
  for (std::uint64_t token = 0; token < 5; ++token)
    added.push_back(*queries.add(token, message, {}));
  queries.remove(added[1]);
  queries.remove(added[4]);
  std::vector<QueryReference> listed{{9, 9}};
  queries.list(listed);
  CHECK(listed == std::vector<QueryReference>{added[0], added[2], added[3]});
  CHECK(queries.size() == 3);
}
