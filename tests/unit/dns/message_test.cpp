// SPDX-License-Identifier: Apache-2.0
#include "dns/message.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "dns/text.hpp"
#include "tests/support/test_message.hpp"
#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

using tests::make_query;
using tests::make_response;
using tests::Octets;
using tests::parse_hex;

constexpr std::string_view www_example = "03777777 076578616d706c65 00";
constexpr std::string_view www_example_a = "03777777 076578616d706c65 00 0001 0001";
constexpr std::string_view opt = "00 0029 04d0 00000000 0000";

Octets packet(std::string_view counts, std::string_view body) {
  return parse_hex("1234 0100 " + std::string(counts) + std::string(body));
}

std::string outcome(const Octets& octets) {
  const auto query = parse_query(octets);
  if (!query) return "error " + std::to_string(static_cast<int>(query.error()));
  return to_text(query->question) + (query->edns ? " edns" : "");
}

std::string error(WireError error) {
  return "error " + std::to_string(static_cast<int>(error));
}

std::vector<std::string> walk(const Octets& message) {
  std::vector<std::string> lines;
  RecordReader records(message);
  while (const Record* record = records.next()) {
    lines.push_back(std::to_string(static_cast<int>(record->section)) + ' ' +
                    to_text(message, *record));
  }
  const auto end = records.finish();
  if (end.has_error()) lines.push_back(error(end.error()));
  return lines;
}

}  // namespace

TEST_CASE("a query is read in full", "[dns][message]") {
  const Octets octets = make_query("WWW.Example. AAAA", {.id = 7});
  const auto query = parse_query(octets);
  REQUIRE(query.has_value());
  CHECK(query->header.id == 7);
  CHECK(query->header.has(Flags::rd));
  CHECK(to_text(query->question) == "www.example. AAAA");
  CHECK(query->question.klass == Class::in);
  CHECK(query->question_wire.data() == octets.data() + header_size);
  CHECK(query->question_wire.size() == 17);
  CHECK(query->question_wire[1] == 'W');
  CHECK_FALSE(query->edns.has_value());
  CHECK_FALSE(query->dnssec_ok());
}

TEST_CASE("a query's OPT is read", "[dns][message]") {
  const Octets octets =
      make_query("www.example. A", {.edns = OptOut{.payload_size = 4096, .dnssec_ok = true},
                                    .options = {{.code = 10, .data = {1, 2, 3, 4, 5, 6, 7, 8}}}});
  const auto query = parse_query(octets);
  REQUIRE(query.has_value());
  REQUIRE(query->edns.has_value());
  CHECK(query->edns->payload_size == 4096);
  CHECK(query->dnssec_ok());
  CHECK(query->edns->cookie.size() == 8);
}

TEST_CASE("queries are accepted or refused for one reason each", "[dns][message]") {
  struct Case {
    std::string note;
    std::string counts;
    std::string body;
    std::string result;
  };
  const std::string a(www_example_a);
  const std::string name(www_example);
  const std::string o(opt);
  const std::vector<Case> cases{
      {"plain", "0001 0000 0000 0000", a, "www.example. A"},
      {"root", "0001 0000 0000 0000", "00 0002 0001", ". NS"},
      {"class CH is the caller's business", "0001 0000 0000 0000", name + "0010 0003",
       "www.example. TXT"},
      {"OPT", "0001 0000 0000 0001", a + o, "www.example. A edns"},
      {"OPT behind another record", "0001 0000 0000 0002", a + "00 00fa 00ff 00000000 0000" + o,
       "www.example. A edns"},
      {"OPT's owner is a pointer to a root", "0001 0000 0000 0001",
       "00 0002 0001 c00c 0029 04d0 00000000 0000", ". NS edns"},
      {"two OPTs", "0001 0000 0000 0002", a + o + o, error(WireError::bad_opt)},
      {"OPT in authority", "0001 0000 0001 0000", a + o, error(WireError::bad_opt)},
      {"OPT with an owner", "0001 0000 0000 0001", a + "c00c 0029 04d0 00000000 0000",
       error(WireError::bad_opt)},
      {"version 1", "0001 0000 0000 0001", a + "00 0029 04d0 00010000 0000",
       error(WireError::bad_version)},
      {"option past the end of OPT", "0001 0000 0000 0001",
       a + "00 0029 04d0 00000000 0004 000a 0008", error(WireError::bad_opt)},
      {"half an option", "0001 0000 0000 0001", a + "00 0029 04d0 00000000 0003 000a 00",
       error(WireError::bad_opt)},
      {"OPT past the end of the packet", "0001 0000 0000 0001",
       a + "00 0029 04d0 00000000 0004 000a", error(WireError::truncated)},
      {"trailing octet without records", "0001 0000 0000 0000", a + "00",
       error(WireError::trailing_bytes)},
      {"trailing octet behind OPT", "0001 0000 0000 0001", a + o + "00",
       error(WireError::trailing_bytes)},
      {"uncounted OPT", "0001 0000 0000 0000", a + o, error(WireError::trailing_bytes)},
      {"count larger than content", "0001 0000 0000 0001", a, error(WireError::truncated)},
      {"second count larger than content", "0001 0000 0000 0002", a + o,
       error(WireError::truncated)},
      {"name with a pointer to itself", "0001 0000 0000 0000", "c00c 0001 0001",
       error(WireError::bad_pointer)},
      {"name with a pointer into the header", "0001 0000 0000 0000", "0161 c000 0001 0001",
       error(WireError::bad_pointer)},
      {"reserved label type", "0001 0000 0000 0000", "4161 00 0001 0001",
       error(WireError::bad_label)},
      {"no question behind the header", "0001 0000 0000 0000", "", error(WireError::truncated)},
  };
  for (const Case& c : cases) {
    INFO(c.note);
    CHECK(outcome(packet(c.counts, c.body)) == c.result);
  }
}

TEST_CASE("a query cut off anywhere is an error and nothing is read behind it", "[dns][message]") {
  const Octets whole =
      make_query("www.example. A",
                 {.edns = OptOut{}, .options = {{.code = 10, .data = {1, 2, 3, 4, 5, 6, 7, 8}}}});
  REQUIRE(outcome(whole) == "www.example. A edns");
  for (std::size_t size = header_size; size < whole.size(); ++size) {
    INFO(size);
    const Octets prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(parse_query(prefix).has_error());
  }
}

TEST_CASE("15,000 options in a query are read", "[dns][message]") {
  tests::QueryOptions options{.edns = OptOut{}, .options = {}};
  options.options.assign(15000, {.code = 3, .data = {}});
  CHECK(outcome(make_query("www.example. A", options)) == "www.example. A edns");
}

TEST_CASE("all records of a response are gone through in order", "[dns][message]") {
  const Octets response =
      make_response(make_query("www.example. A"),
                    {.answer = {"www.example. 300 CNAME a.example.", "A.example. 60 A 192.0.2.1"},
                     .authority = {"example. 3600 NS ns.example."},
                     .additional = {"ns.example. 3600 AAAA 2001:db8::1"},
                     .edns = OptOut{}});
  CHECK(walk(response) == std::vector<std::string>{
                              "0 www.example. 300 IN CNAME a.example.",
                              "0 a.example. 60 IN A 192.0.2.1",
                              "1 example. 3600 IN NS ns.example.",
                              "2 ns.example. 3600 IN AAAA 2001:db8::1",
                              R"(2 . 0 CLASS1232 OPT \# 0)",
                          });
}

TEST_CASE("a response cut off anywhere is an error and nothing is read behind it",
          "[dns][message]") {
  const Octets whole =
      make_response(make_query("www.example. MX"),
                    {.answer = {"www.example. 300 MX 10 mail.example."},
                     .authority = {"example. 60 SOA ns.example. h.example. 1 2 3 4 5"},
                     .edns = OptOut{}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    const Octets prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(walk(prefix).back() == error(WireError::truncated));
  }
  Octets longer = whole;
  longer.push_back(0);
  CHECK(walk(longer).back() == error(WireError::trailing_bytes));
}

TEST_CASE("a TTL with its highest bit set is zero, the flags of OPT are not a TTL",
          "[dns][message]") {
  const Octets response = make_response(
      make_query("a. A"), {.answer = {"a. 2147483647 A 192.0.2.1", "a. 2147483648 A 192.0.2.2",
                                      "a. 4294967295 A 192.0.2.3"},
                           .rcode = static_cast<Rcode>(0xfff),
                           .edns = OptOut{}});
  RecordReader records(response);
  CHECK(records.next()->ttl == 2147483647);
  CHECK(records.next()->ttl == 0);
  CHECK(records.next()->ttl == 0);
  CHECK(records.next()->ttl == 0xff000000);
}

TEST_CASE("counts larger than content end in an error, not in a loop", "[dns][message]") {
  const Octets octets = parse_hex("1234 8180 ffff ffff ffff ffff");
  CHECK(walk(octets) == std::vector{error(WireError::truncated)});
}

TEST_CASE("an answer is told from an answer to something else", "[dns][message]") {
  const Octets query = make_query("www.example. A", {.id = 1});
  const auto patched = [&](std::size_t position, std::uint8_t value) {
    Octets response = make_response(query);
    response[position] = value;
    return response;
  };
  struct Case {
    std::string note;
    Octets response;
    bool fits;
  };
  const std::vector<Case> cases{
      {"same question", make_response(query), true},
      {"other ID", make_response(make_query("www.example. A", {.id = 2})), true},
      {"other case", make_response(make_query("WWW.EXAMPLE. A")), true},
      {"other name", make_response(make_query("ww2.example. A")), false},
      {"longer name", make_response(make_query("www.example.com. A")), false},
      {"other type", make_response(make_query("www.example. AAAA")), false},
      {"other class", make_response(make_query("www.example. CH A")), false},
      {"QR=0", query, false},
      {"NOTIFY", patched(2, 0xa1), false},
      {"no question", patched(5, 0), false},
      {"two questions", patched(5, 2), false},
      {"NUL in the name", make_response(make_query(R"(www\000.example. A)")), false},
      {"a header alone", Octets(query.begin(), query.begin() + 12), false},
      {"nothing", {}, false},
      {"garbage", Octets(40, 0xff), false},
  };
  for (const Case& c : cases) {
    INFO(c.note);
    CHECK(is_answer_to(c.response, query) == c.fits);
  }
  CHECK_FALSE(is_answer_to(make_response(query), {}));
}

TEST_CASE("a response cut off within its question answers nothing", "[dns][message]") {
  const Octets query = make_query("www.example. A");
  const Octets whole = make_response(query);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Octets prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_FALSE(is_answer_to(prefix, query));
  }
}

}  // namespace sluice::dns
