// SPDX-License-Identifier: Apache-2.0
#include "dns/freshness.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"

namespace sluice::dns {
namespace {

std::uint32_t fresh(const tests::Response& response) {
  return freshness(tests::make_response(tests::make_query("www.example. A"), response));
}

}  // namespace

TEST_CASE("an answer is fresh for the least TTL of its answers", "[dns]") {
  CHECK(fresh({.answer = {"www.example. 300 CNAME a.example.", "a.example. 60 A 192.0.2.1"},
               .authority = {"example. 5 NS ns.example."}}) == 60);
  CHECK(fresh({.answer = {"www.example. 0 A 192.0.2.1", "www.example. 60 A 192.0.2.2"}}) == 0);
}

TEST_CASE("without answers, the authorities tell; without these, nothing is fresh", "[dns]") {
  CHECK(fresh({.authority = {"example. 30 SOA a.example. b.example. 1 2 3 4 5"},
               .additional = {"example. 1 A 192.0.2.1"}}) == 30);
  CHECK(fresh({.additional = {"example. 9 A 192.0.2.1"}}) == 0);
  CHECK(fresh({}) == 0);
}

}  // namespace sluice::dns
