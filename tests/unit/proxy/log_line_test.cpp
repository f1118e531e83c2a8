// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_line.hpp"

#include <limits>

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy::log;

namespace {

boost::json::object parse(const std::string& members) {
  return boost::json::parse("{" + members + "}").as_object();
}

}  // namespace

TEST_CASE("a JSON line holds level, message and fields of every type", "[proxy][log]") {
  const std::string owned = "text";
  CHECK(json_members("info", "loaded",
                     {{"n", 12},
                      {"big", std::numeric_limits<std::uint64_t>::max()},
                      {"minus", std::int64_t{-1}},
                      {"ratio", 0.5},
                      {"nan", std::numeric_limits<double>::quiet_NaN()},
                      {"on", true},
                      {"literal", "a\"b"},
                      {"owned", owned}}) ==
        R"("level":"info","message":"loaded","n":12,"big":18446744073709551615,"minus":-1,)"
        R"("ratio":0.5,"nan":null,"on":true,"literal":"a\"b","owned":"text")");
}

TEST_CASE("a text line quotes what could be misread", "[proxy][log]") {
  CHECK(text_line("warn", "list refused",
                  {{"n", 1}, {"name", "a"}, {"reason", "too big"}, {"empty", ""}, {"eq", "a=b"}}) ==
        R"(warn list refused n=1 name=a reason="too big" empty="" eq="a=b")");
}

TEST_CASE("nothing in a field can end the line or make it invalid", "[proxy][log]") {
  const std::string hostile = "x\"}\n{\"level\":\"forged\"\xFF\x1b";
  const auto line = json_members("info", "m", {{"name", hostile}});
  CHECK(line.find('\n') == std::string::npos);
  CHECK(parse(line).at("level").as_string() == "info");
  CHECK(parse(line).at("name").as_string() == R"(x"}\010{"level":"forged"\255\027)");
  CHECK(text_line("info", "m", {{"name", hostile}}).find('\n') == std::string::npos);
}

TEST_CASE("a line that would be too long loses its last fields and says so", "[proxy][log]") {
  const std::string worst(10'000, '"');  // doubled by JSON
  const auto line = json_members("info", worst, {{"a", worst}, {"b", worst}, {"c", 1}});
  CHECK(line.size() + line_frame_size <= max_line_size);
  const auto object = parse(line);
  CHECK(object.contains("a"));
  CHECK_FALSE(object.contains("b"));
  CHECK_FALSE(object.contains("c"));
  CHECK(object.at("truncated").as_bool());

  const auto text = text_line("info", worst, {{"a", worst}, {"b", worst}, {"c", worst}});
  CHECK(text.size() + line_frame_size <= max_line_size);
  CHECK(text.ends_with(" truncated=true"));
}
