// SPDX-License-Identifier: Apache-2.0
#include "lists/line_splitter.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::lists;

namespace {

std::vector<std::string> split(std::string_view text, std::size_t chunk) {
  std::vector<std::string> lines;
  LineSplitter splitter([&lines](const LineSplitter::Line& line) {
    CHECK(line.number == lines.size() + 1);
    lines.emplace_back(line.text);
    if (line.is_cut) lines.back() = "cut " + std::to_string(line.text.size());
  });
  for (; !text.empty(); text.remove_prefix(std::min(chunk, text.size())))
    splitter.feed(text.substr(0, chunk));
  splitter.finish();
  CHECK(splitter.count() == lines.size());
  return lines;
}

}  // namespace

TEST_CASE("lines are the same whatever the chunks", "[lists][line_splitter]") {
  const std::string text =
      "\xef\xbb\xbf"
      "one\r\n\ntwo\r\n three \nlast";
  const std::vector<std::string> expected{"one", "", "two", " three ", "last"};
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    INFO(chunk);
    CHECK(split(text, chunk) == expected);
  }
}

TEST_CASE("a final line end begins no line", "[lists][line_splitter]") {
  CHECK(split("one\n", 100) == std::vector<std::string>{"one"});
  CHECK(split("", 100).empty());
}

TEST_CASE("a line that is too long is cut, and the next one is whole", "[lists][line_splitter]") {
  constexpr auto limit = LineSplitter::max_line_size;
  const std::string cut = "cut " + std::to_string(limit);
  for (const std::size_t chunk : {std::size_t{1000}, limit, 3 * limit}) {
    INFO(chunk);
    CHECK(split(std::string(limit + 1, 'x') + "\nnext", chunk) ==
          std::vector<std::string>{cut, "next"});
    CHECK(split(std::string(limit, 'x') + "\nnext", chunk).front() == std::string(limit, 'x'));
  }
}
