// SPDX-License-Identifier: Apache-2.0
#include "config/units.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::config;
using std::chrono::milliseconds;

TEST_CASE("durations are read", "[config][units]") {
  const std::vector<std::pair<std::string, std::int64_t>> cases = {{"500ms", 500},
                                                                   {"10s", 10'000},
                                                                   {"5m", 300'000},
                                                                   {"1h", 3'600'000},
                                                                   {"0s", 0},
                                                                   {"0ms", 0},
                                                                   {"1h30m", 5'400'000},
                                                                   {"1m1s1ms", 61'001},
                                                                   {"007s", 7'000},
                                                                   {"99999h", 359'996'400'000}};
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(try_duration(text) == milliseconds(expected));
  }
}

TEST_CASE("what is no duration is not read as one", "[config][units]") {
  for (const char* text : {"", "10", "0", "s", "10 s", " 10s", "10s ", "-1s", "1.5s", "10S",
                           "10sec", "1d", "1us", "100000s", "1s1s1s1s1s", "10s5", "1h30", "h1"}) {
    CAPTURE(text);
    CHECK_FALSE(try_duration(text).has_value());
  }
}

TEST_CASE("sizes are read", "[config][units]") {
  const std::vector<std::pair<std::string, std::uint64_t>> cases = {
      {"0", 0},
      {"1048576", 1048576},
      {"64Mi", 67108864},
      {"10M", 10'000'000},
      {"1k", 1000},
      {"1Ki", 1024},
      {"2Gi", 2147483648ULL},
      {"1G", 1'000'000'000},
      {"1Ti", 1ULL << 40},
      {"1T", 1'000'000'000'000ULL},
      {"18446744073709551615", std::numeric_limits<std::uint64_t>::max()}};
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(try_byte_size(text) == expected);
  }
}

TEST_CASE("what is no size is not read as one", "[config][units]") {
  for (const char* text : {"", "Mi", "64 Mi", "64MiB", "64mi", "64K", "1.5Gi", "-1", "+1", "0x10",
                           "18446744073709551616", "16777216Ti"}) {
    CAPTURE(text);
    CHECK_FALSE(try_byte_size(text).has_value());
  }
}

TEST_CASE("what is printed is read back", "[config][units]") {
  for (const std::int64_t count : {0, 1, 999, 1000, 1500, 60'000, 5'400'000, 3'661'001}) {
    CAPTURE(count);
    CHECK(try_duration(format_duration(milliseconds(count))) == milliseconds(count));
  }
  for (const std::uint64_t octets : {0ULL, 1ULL, 1000ULL, 1024ULL, 1536ULL, 64ULL << 20}) {
    CAPTURE(octets);
    CHECK(try_byte_size(format_byte_size(octets)) == octets);
  }
}

TEST_CASE("quantities are printed in their shortest form", "[config][units]") {
  CHECK(format_duration(milliseconds(0)) == "0s");
  CHECK(format_duration(milliseconds(1000)) == "1s");
  CHECK(format_duration(milliseconds(5'400'000)) == "1h30m");
  CHECK(format_byte_size(64ULL << 20) == "64Mi");
  CHECK(format_byte_size(1000) == "1000");
}
