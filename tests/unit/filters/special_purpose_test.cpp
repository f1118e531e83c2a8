// SPDX-License-Identifier: Apache-2.0
#include "filters/special_purpose.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

namespace sluice::filters {
namespace {

bool is_special(const char* text) {
  const auto address = Address::from_text(text);
  REQUIRE(address);
  return std::ranges::any_of(special_purpose_prefixes(),
                             [&](const Prefix& prefix) { return prefix.contains(*address); });
}

}  // namespace

TEST_CASE("every special-purpose range is a prefix and names its RFC",
          "[filters][special_purpose]") {
  for (const auto& range : special_purpose_ranges()) {
    INFO(range.prefix);
    CHECK(Prefix::from_text(range.prefix));
    CHECK(range.reference.starts_with("RFC "));
  }
}

TEST_CASE("addresses that are not globally reachable are special", "[filters][special_purpose]") {
  for (const char* text : {"0.0.0.0",     "10.255.255.255",  "100.64.0.1",
                           "127.0.0.53",  "169.254.169.254", "172.31.0.1",
                           "192.0.0.1",   "192.0.0.8",       "192.0.0.11",
                           "192.0.0.171", "192.0.0.255",     "192.0.2.1",
                           "192.168.1.1", "198.19.255.255",  "198.51.100.7",
                           "203.0.113.9", "255.255.255.255", "::",
                           "::1",         "64:ff9b:1::1",    "100::1",
                           "2001:db8::1", "3fff::1",         "fd12::1",
                           "fe80::1"}) {
    INFO(text);
    CHECK(is_special(text));
  }
}

TEST_CASE("addresses just outside of special ranges are not", "[filters][special_purpose]") {
  for (const char* text : {"1.1.1.1",      "9.255.255.255",   "11.0.0.0",   "100.63.255.255",
                           "100.128.0.0",  "126.255.255.255", "128.0.0.1",  "172.15.255.255",
                           "172.32.0.0",   "192.0.0.9",       "192.0.0.10", "192.0.1.0",
                           "192.169.0.0",  "198.17.255.255",  "198.20.0.0", "203.0.114.0",
                           "224.0.0.1",    "239.255.255.255", "64:ff9b::1", "2001:4860:4860::8888",
                           "2606:4700::1", "fec0::1",         "ff02::1"}) {
    INFO(text);
    CHECK_FALSE(is_special(text));
  }
}

TEST_CASE("a mapped address is judged as the IPv4 address that it is",
          "[filters][special_purpose]") {
  CHECK(is_special("::ffff:10.0.0.1"));
  CHECK_FALSE(is_special("::ffff:8.8.8.8"));
}

}  // namespace sluice::filters
