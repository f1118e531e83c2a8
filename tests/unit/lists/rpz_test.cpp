// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/lists/reading.hpp"

using namespace sluice;
using namespace sluice::lists;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* head =
    "$TTL 2h\n"
    "$ORIGIN rpz.example.\n"
    "@ IN SOA ns.example. host.example. ( 1 ; serial\n"
    "   3600 600 86400\n"
    "   60 )\n"
    "  NS localhost.\n";

std::string ask_address(const filters::NameSet& names, std::string_view text) {
  return say(names.find(*filters::Address::from_text(text)));
}

}  // namespace

TEST_CASE("a response policy zone is understood", "[lists][rpz]") {
  const auto list = read_list(std::string(head) +
                                  "nx.example          CNAME .\n"
                                  "*.nx.example        CNAME .\n"
                                  "ok.nx.example       CNAME rpz-passthru.\n"
                                  "empty.example 300 IN CNAME *. ; why\n"
                                  "drop.example.rpz.example. CNAME rpz-drop.\n"
                                  "data.example        IN 1m A 192.0.2.1\n"
                                  "                    AAAA 2001:db8::1\n"
                                  "UPPER.example       cname Target.example.\n"
                                  "old.example         CNAME old.example.\n"
                                  "quoted\\.dot.example CNAME .\n"
                                  "$ORIGIN org.rpz.example.\n"
                                  "bad                 CNAME .\n"
                                  "*.wild              A 192.0.2.7\n"
                                  "nx.example.rpz.example. RRSIG whatever\n",
                              Format::rpz);
  REQUIRE(list.has_value());
  CHECK(first_problem(list) == "");
  struct Case {
    const char* name;
    const char* expected;
  };
  const std::vector<Case> table{
      {"nx.example", "nxdomain"},
      {"x.nx.example", "nxdomain"},
      {"ok.nx.example", "-"},
      {"x.ok.nx.example", "nxdomain"},
      {"empty.example", "nodata"},
      {"x.empty.example", "-"},
      {"drop.example", "drop"},
      {"data.example", "192.0.2.1 2001:db8::1/60"},
      {"upper.example", "target.example./7200"},
      {"old.example", "-"},
      {"quoted\\.dot.example", "nxdomain"},
      {"bad.org", "nxdomain"},
      {"a.wild.org", "192.0.2.7/7200"},
      {"wild.org", "-"},
      {"rpz.example", "-"},
  };
  for (const Case& entry : table) {
    INFO(entry.name);
    CHECK(ask(*list->names, entry.name) == entry.expected);
  }
  CHECK_FALSE(list->names->has_addresses());
}

TEST_CASE("a zone that names itself in its SOA only needs no origin", "[lists][rpz]") {
  const auto list = read_list(
      "rpz.example. 60 SOA a. b. 1 2 3 4 5\n"
      "nx.example.rpz.example. CNAME .\n"
      "else.example. CNAME .\n",
      Format::rpz);
  REQUIRE(list.has_value());
  CHECK(ask(*list->names, "nx.example") == "nxdomain");
  CHECK(first_problem(list) == "the owner is outside of the zone rpz.example.");
}

TEST_CASE("a zone without name has names as they are", "[lists][rpz]") {
  const auto list =
      read_list("@ SOA a. b. 1 2 3 4 5\nnx.example CNAME .\nabs.example. CNAME .\n", Format::rpz);
  REQUIRE(list.has_value());
  CHECK(first_problem(list) == "");
  CHECK(ask(*list->names, "nx.example") == "nxdomain");
  CHECK(ask(*list->names, "abs.example") == "nxdomain");
}

TEST_CASE("triggers on addresses of answers are understood", "[lists][rpz]") {
  const auto list = read_list(std::string(head) +
                                  "24.0.2.0.192.rpz-ip CNAME .\n"
                                  "32.7.2.0.192.rpz-ip CNAME rpz-passthru.\n"
                                  "48.zz.db8.2001.rpz-ip CNAME *.\n"
                                  "128.57.zz.8.db8.2001.rpz-ip CNAME rpz-drop.\n"
                                  "128.1.zz.rpz-ip A 192.0.2.9\n"
                                  "128.8.7.6.5.4.3.2.1.rpz-ip CNAME .\n",
                              Format::rpz);
  REQUIRE(list.has_value());
  CHECK(first_problem(list) == "");
  CHECK(list->names->has_addresses());
  struct Case {
    const char* address;
    const char* expected;
  };
  const std::vector<Case> table{
      {"192.0.2.1", "nxdomain"},       {"192.0.2.7", "-"},         {"192.0.3.1", "-"},
      {"2001:db8::1", "nodata"},       {"2001:db8:8::57", "drop"}, {"::1", "192.0.2.9/7200"},
      {"1:2:3:4:5:6:7:8", "nxdomain"},
  };
  for (const Case& entry : table) {
    INFO(entry.address);
    CHECK(ask_address(*list->names, entry.address) == entry.expected);
  }
}

TEST_CASE("what a response policy zone may not hold is refused by name", "[lists][rpz]") {
  struct Case {
    std::string line;
    std::string reason;
  };
  const std::vector<Case> table{
      {"24.0.0.0.10.rpz-client-ip CNAME .", "rpz-client-ip"},
      {"ns.example.rpz-nsdname CNAME .", "rpz-nsdname"},
      {"24.0.0.0.10.rpz-nsip CNAME .", "rpz-nsip"},
      {"a.example CNAME rpz-tcp-only.", "rpz-tcp-only"},
      {"a.example CNAME rpz-log.", "rpz-log"},
      {"a.example CNAME rpz-passthru", "final dot"},
      {"*.a.example CNAME *.garden.example.", "wildcard as target"},
      {"a.example TXT \"x\"", "type TXT"},
      {"a.example MX 10 mail.example.", "type MX"},
      {"a.example DNAME b.example.", "type DNAME"},
      {"a.example A 2001:db8::1", "not one of type A"},
      {"a.example AAAA 192.0.2.1", "not one of type AAAA"},
      {"a.example CH A 192.0.2.1", "class"},
      {"a.example A", "no data"},
      {"a.example 300", "no type"},
      {"a..example CNAME .", "empty label"},
      {"a.example CNAME b..example.", "target"},
      {"a.other. CNAME .", "outside of the zone"},
      {"$INCLUDE other.zone", "$INCLUDE"},
      {"$GENERATE 1-9 a$ CNAME .", "$GENERATE"},
      {"$TTL soon", "TTL"},
      {"$ORIGIN", "origin"},
      {"a.example CNAME . )", "without a '('"},
      {"a.example TXT \"x", "quote"},
      {"a.example CNAME ( .", "parenthesis"},
      {"24.1.2.0.192.rpz-ip CNAME .", "no prefix"},
      {"33.1.2.0.192.rpz-ip CNAME .", "no prefix"},
      {"rpz-ip CNAME .", "no prefix"},
      {"24.zz.zz.1.rpz-ip CNAME .", "no prefix"},
      {"b\xc3\xbc"
       "cher.example CNAME .",
       "A-label"},
      {"set.example A 192.0.2.1", "CNAME stands beside"},
  };
  for (const Case& entry : table) {
    INFO(entry.line);
    const auto list =
        read_list(std::string(head) + "set.example CNAME to.example.\n" + entry.line, Format::rpz);
    REQUIRE(list.has_value());
    CHECK(list->bad_line_count == 1);
    CHECK(list->names->size() == 1);
    CHECK_THAT(first_problem(list), ContainsSubstring(entry.reason));
  }
}

TEST_CASE("what follows a bad owner does not land at the one before", "[lists][rpz]") {
  const auto list = read_list(
      "a.example A 192.0.2.1\n"
      "b..example A 192.0.2.2\n"
      "  A 192.0.2.3\n",
      Format::rpz);
  REQUIRE(list.has_value());
  CHECK(list->bad_line_count == 2);
  CHECK(ask(*list->names, "a.example") == "192.0.2.1/30");
}
