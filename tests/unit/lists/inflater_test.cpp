// SPDX-License-Identifier: Apache-2.0
#include "lists/inflater.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/lists/reading.hpp"

using namespace sluice::lists;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Inflated {
  std::string text;
  std::string problem;
};

Inflated inflate_in_chunks(std::string_view data, std::size_t chunk, std::uint64_t limit = 1000) {
  Inflated result;
  Inflater inflater(limit, [&result](std::string_view piece) {
    result.text += piece;
    return true;
  });
  for (; !data.empty() && result.problem.empty(); data.remove_prefix(std::min(chunk, data.size())))
    result.problem = inflater.feed(octets_of(data.substr(0, chunk)));
  if (result.problem.empty()) result.problem = inflater.finish();
  return result;
}

}  // namespace

TEST_CASE("gzip is inflated whatever the chunks", "[lists][inflater]") {
  const std::string data = gzip("one\n") + gzip("two\n") + std::string(7, '\0');
  for (std::size_t chunk = 1; chunk <= data.size(); ++chunk) {
    INFO(chunk);
    const auto result = inflate_in_chunks(data, chunk);
    CHECK(result.problem == "");
    CHECK(result.text == "one\ntwo\n");
  }
}

TEST_CASE("gzip that is damaged or cut says so", "[lists][inflater]") {
  std::string data = gzip("some text that is long enough to be damaged");
  CHECK(inflate_in_chunks(data.substr(0, data.size() - 1), 10).problem ==
        "the gzip data ends before its end");
  CHECK_THAT(inflate_in_chunks(data + "rubbish", 10).problem, ContainsSubstring("damaged"));
  data[data.size() - 6] ^= 1;
  CHECK_THAT(inflate_in_chunks(data, 10).problem, ContainsSubstring("damaged"));
}

TEST_CASE("output is bounded in size and in ratio", "[lists][inflater]") {
  CHECK_THAT(inflate_in_chunks(gzip(std::string(1001, 'x')), 100).problem,
             ContainsSubstring("more than 1000 octets"));
  const std::string bomb = gzip(std::string(Inflater::free_output + 100'000, 'x'));
  const auto result = inflate_in_chunks(bomb, bomb.size(), 1ULL << 40);
  CHECK_THAT(result.problem, ContainsSubstring("200 times"));
  CHECK(result.text.size() <= Inflater::free_output + 65536);
}
