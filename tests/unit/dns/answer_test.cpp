// SPDX-License-Identifier: Apache-2.0
#include "dns/answer.hpp"

#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"
#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

using tests::describe;
using tests::make_query;
using tests::make_response;
using tests::MessageText;
using tests::Octets;
using tests::read_message;
using tests::Response;
using Lines = std::vector<std::string>;

constexpr std::string_view soa = "example. 3600 SOA ns.example. h.example. 1 2 3 4 900";

/// A response to `question` on its way through the store.
struct Stored {
  Stored(std::string_view text, const Response& response, const StoreOptions& options = {})
      : Stored(text, make_response(make_query(text), response), options) {}

  Stored(std::string_view text, const Octets& message, const StoreOptions& options = {}) {
    question = tests::parse_question(text);
    question.name.lower();
    image.resize(max_image_size);
    result = store_answer(message, question, options, image);
    image.resize(result ? *result : 0);
  }

  [[nodiscard]] AnswerView view() const {
    REQUIRE(result.has_value());
    return AnswerView(image);
  }

  /// The answer as a client gets it that asks in its own spelling.
  [[nodiscard]] MessageText served(std::string_view text, const TtlPolicy& ttl = {}) const {
    Octets buffer(65535);
    MessageWriter writer(buffer, 1, Flags::qr | view().head().rcode);
    writer.question(tests::parse_question(text));
    write_answer(view(), ttl, writer);
    REQUIRE(writer.ok());
    return read_message(writer.written());
  }

  [[nodiscard]] Lines targets() const {
    Lines names;
    for_each_name(view().targets(), [&](NameView name) { names.push_back(to_text(name)); });
    return names;
  }

  Question question;
  Octets image;
  Result<std::size_t> result = WireError::truncated;
};

std::string a_record(int i) {
  return "www.example. 60 A 192.0." + std::to_string(i / 256) + '.' + std::to_string(i % 256);
}

/// `hops` CNAMEs from n0.example., then an address.
Response chain_of(int hops) {
  Response response;
  const auto name = [](int i) { return 'n' + std::to_string(i) + ".example."; };
  for (int i = 0; i < hops; ++i)
    response.answer.push_back(name(i) + " 60 CNAME " + name(i + 1));
  response.answer.push_back(name(hops) + " 60 A 192.0.2.1");
  return response;
}

}  // namespace

TEST_CASE("an answer is kept and served in the client's own spelling", "[dns][answer]") {
  const Stored stored("www.example. A",
                      {.answer = {"www.example. 300 A 192.0.2.1", "www.example. 200 A 192.0.2.2"}});
  CHECK(stored.view().head().answer_count == 2);
  CHECK(stored.view().head().ttl == 200);
  CHECK(stored.view().head().ttl_count == 2);
  CHECK(stored.view().head().cacheable == 1);
  CHECK_FALSE(stored.view().is_negative());
  CHECK(stored.targets().empty());
  const MessageText served = stored.served("WWW.Example. A");
  CHECK(served.question == "WWW.Example. A");
  CHECK(served.answer ==
        Lines{"WWW.Example. 300 IN A 192.0.2.1", "WWW.Example. 200 IN A 192.0.2.2"});
}

TEST_CASE("a CNAME chain is kept in its order, whatever order it came in", "[dns][answer]") {
  const Lines chain{"www.example. 300 CNAME cdn.test.", "cdn.test. 100 CNAME node.test.",
                    "node.test. 50 A 192.0.2.1"};
  Lines records = chain;
  std::sort(records.begin(), records.end());
  do {
    const Stored stored("www.example. A", {.answer = records});
    CHECK(stored.served("www.example. A").answer == Lines{"www.example. 300 IN CNAME cdn.test.",
                                                          "cdn.test. 100 IN CNAME node.test.",
                                                          "node.test. 50 IN A 192.0.2.1"});
    CHECK(stored.targets() == Lines{"cdn.test.", "node.test."});
    CHECK(stored.view().head().ttl == 50);
  } while (std::next_permutation(records.begin(), records.end()));
}

TEST_CASE("records that nobody asked for are dropped", "[dns][answer]") {
  struct Case {
    std::string note;
    Response response;
    Lines answer;
  };
  const std::string wanted = "www.example. 60 A 192.0.2.1";
  const Lines only{"www.example. 60 IN A 192.0.2.1"};
  const std::vector<Case> cases{
      {"another name", {.answer = {wanted, "bank.test. 60 A 198.51.100.1"}}, only},
      {"the parent", {.answer = {"example. 60 A 198.51.100.1", wanted}}, only},
      {"a child", {.answer = {"a.www.example. 60 A 198.51.100.1", wanted}}, only},
      {"NUL in the name", {.answer = {R"(www\000.example. 60 A 198.51.100.1)", wanted}}, only},
      {"another type", {.answer = {"www.example. 60 AAAA 2001:db8::1", wanted}}, only},
      {"another class", {.answer = {"www.example. 60 CH A 198.51.100.1", wanted}}, only},
      {"a CNAME elsewhere", {.answer = {"b.test. 60 CNAME www.example.", wanted}}, only},
      {"DNAME beside", {.answer = {"other. 60 DNAME www.example.", wanted}}, only},
      {"authority", {.answer = {wanted}, .authority = {"example. 60 NS evil.test."}}, only},
      {"SOA beside an answer", {.answer = {wanted}, .authority = {std::string(soa)}}, only},
      {"additional", {.answer = {wanted}, .additional = {"bank.test. 60 A 198.51.100.1"}}, only},
      {"the wanted record in additional", {.additional = {wanted}}, {}},
      {"the wanted record in authority", {.authority = {wanted}}, {}},
      {"signatures without DO",
       {.answer = {wanted, R"(www.example. 60 RRSIG \# 4 0001ffff)"}},
       only},
  };
  for (const Case& c : cases) {
    INFO(c.note);
    const MessageText served = Stored("www.example. A", c.response).served("www.example. A");
    CHECK(served.answer == c.answer);
    CHECK(served.authority.empty());
    CHECK(served.additional.empty());
  }
}

TEST_CASE("of two CNAMEs of one name the first counts", "[dns][answer]") {
  const Stored stored("www.example. A",
                      {.answer = {"www.example. 60 CNAME a.test.", "www.example. 60 CNAME b.test.",
                                  "b.test. 60 A 198.51.100.1", "a.test. 60 A 192.0.2.1"}});
  CHECK(stored.targets() == Lines{"a.test."});
  CHECK(stored.served("www.example. A").answer ==
        Lines{"www.example. 60 IN CNAME a.test.", "a.test. 60 IN A 192.0.2.1"});
}

TEST_CASE("a CNAME that was asked for is not followed", "[dns][answer]") {
  const Stored stored("www.example. CNAME",
                      {.answer = {"www.example. 60 CNAME a.test.", "a.test. 60 CNAME b.test."}});
  CHECK(stored.targets().empty());
  CHECK(stored.served("www.example. CNAME").answer == Lines{"www.example. 60 IN CNAME a.test."});
}

TEST_CASE("chains of 11 are followed, longer ones and loops are refused", "[dns][answer]") {
  const Stored longest("n0.example. A", chain_of(11));
  CHECK(longest.targets().size() == 11);
  CHECK(longest.served("n0.example. A").answer.size() == 12);
  CHECK(Stored("n0.example. A", chain_of(12)).result.error() == WireError::bad_rdata);
  CHECK(Stored("n0.example. A", chain_of(100)).result.has_error());
  CHECK(Stored("a. A", {.answer = {"a. 60 CNAME a."}}).result.has_error());
  CHECK(Stored("a. A", {.answer = {"a. 60 CNAME b.", "b. 60 CNAME a."}}).result.has_error());
}

TEST_CASE("the DNAME that made a CNAME is kept with it", "[dns][answer]") {
  const Response response{
      .answer = {"example. 60 DNAME other.test.", R"(example. 60 RRSIG \# 4 0027ffff)",
                 "www.example. 60 CNAME www.other.test.", "www.other.test. 60 A 192.0.2.1"}};
  const Lines without{"example. 60 IN DNAME other.test.",
                      "www.example. 60 IN CNAME www.other.test.",
                      "www.other.test. 60 IN A 192.0.2.1"};
  CHECK(Stored("www.example. A", response).served("www.example. A").answer == without);
  CHECK(Stored("www.example. A", response, {.dnssec_ok = true})
            .served("www.example. A")
            .answer.size() == 4);
}

TEST_CASE("a DNAME above several names of a chain is kept once", "[dns][answer]") {
  const Stored stored("www.example. A", {.answer = {"example. 60 DNAME other.test.",
                                                    "www.example. 60 CNAME a.example.",
                                                    "a.example. 60 CNAME b.example."}});
  CHECK(stored.view().head().answer_count == 3);
}

TEST_CASE("a DNAME can be asked for", "[dns][answer]") {
  const Stored stored("example. DNAME", {.answer = {"example. 60 DNAME other.test."}});
  CHECK(stored.served("example. DNAME").answer == Lines{"example. 60 IN DNAME other.test."});
  CHECK(stored.view().head().cacheable == 1);
}

TEST_CASE("with DO the signatures and proofs come along, without DO they do not", "[dns][answer]") {
  const Response positive{
      .answer = {"www.example. 60 CNAME a.example.", R"(www.example. 60 RRSIG \# 4 0005ffff)",
                 "a.example. 60 A 192.0.2.1", R"(a.example. 60 RRSIG \# 4 0001ffff)",
                 R"(a.example. 60 RRSIG \# 4 001cffff)"},
      .authority = {R"(b.example. 60 NSEC \# 4 01630000)", R"(b.example. 60 RRSIG \# 4 002fffff)",
                    "example. 60 NS ns.example."}};
  const Stored with("www.example. A", positive, {.dnssec_ok = true});
  CHECK(with.view().head().answer_count == 4);
  CHECK(with.view().head().authority_count == 2);
  const Stored without("www.example. A", positive);
  CHECK(without.view().head().answer_count == 2);
  CHECK(without.view().head().authority_count == 0);
}

TEST_CASE("a negative answer keeps its SOA and the time of RFC 2308 5", "[dns][answer]") {
  struct Case {
    std::string note;
    std::string soa;
    std::uint32_t ttl;
  };
  const std::vector<Case> cases{
      {"minimum below TTL", "example. 3600 SOA ns.example. h.example. 1 2 3 4 900", 900},
      {"TTL below minimum", "example. 30 SOA ns.example. h.example. 1 2 3 4 900", 30},
      {"both above our limit", "example. 86400 SOA ns.example. h.example. 1 2 3 4 86400", 3600},
      {"TTL with its high bit", "example. 4000000000 SOA ns.example. h.example. 1 2 3 4 5", 0},
      {"the root's", ". 3600 SOA a. b. 1 2 3 4 7", 7},
  };
  for (const Case& c : cases) {
    for (const auto rcode : {Rcode::noerror, Rcode::nxdomain}) {
      INFO(c.note);
      const Stored stored("www.example. A", {.authority = {c.soa}, .rcode = rcode});
      CHECK(stored.view().is_negative());
      CHECK(stored.view().rcode() == rcode);
      CHECK(stored.view().head().cacheable == 1);
      CHECK(stored.view().head().ttl == c.ttl);
      CHECK(stored.served("www.example. A").authority.size() == 1);
    }
  }
}

TEST_CASE("a negative answer without an SOA of its own is not for the cache", "[dns][answer]") {
  for (const std::string& authority : Lines{
           "example. 60 NS ns.example.",
           "other. 60 SOA ns.other. h.other. 1 2 3 4 900",
           "a.www.example. 60 SOA ns.other. h.other. 1 2 3 4 900",
           "badexample. 60 SOA ns.other. h.other. 1 2 3 4 900",
           "example. 60 CH SOA ns.other. h.other. 1 2 3 4 900",
       }) {
    INFO(authority);
    const Stored stored("www.example. A", {.authority = {authority}, .rcode = Rcode::nxdomain});
    CHECK(stored.view().head().cacheable == 0);
    CHECK(stored.view().head().authority_count == 0);
    CHECK(stored.view().head().ttl == 0);
  }
}

TEST_CASE("of two SOAs the first counts", "[dns][answer]") {
  const Stored stored("www.example. A",
                      {.authority = {std::string(soa), "example. 9 SOA a. b. 1 2 3 4 9"}});
  CHECK(stored.view().head().authority_count == 1);
  CHECK(stored.view().head().ttl == 900);
}

TEST_CASE("a chain that ends in nothing is negative and has the SOA of its end", "[dns][answer]") {
  const Response response{.answer = {"www.example. 60 CNAME a.test."},
                          .authority = {"test. 3600 SOA ns.test. h.test. 1 2 3 4 30"},
                          .rcode = Rcode::nxdomain};
  const Stored stored("www.example. A", response);
  CHECK(stored.view().head().cacheable == 1);
  CHECK(stored.view().head().ttl == 30);
  CHECK(stored.targets() == Lines{"a.test."});
  // The SOA of where the chain started says nothing about where it ended.
  const Stored foreign(
      "www.example. A",
      {.answer = response.answer, .authority = {std::string(soa)}, .rcode = Rcode::nxdomain});
  CHECK(foreign.view().head().cacheable == 0);
}

TEST_CASE("an rcode that is no answer keeps nothing and is not for the cache", "[dns][answer]") {
  for (const auto rcode : {Rcode::servfail, Rcode::refused, Rcode::formerr, Rcode::notimp}) {
    const Stored stored("www.example. A",
                        {.answer = {"www.example. 60 A 192.0.2.1"}, .rcode = rcode});
    CHECK(stored.view().rcode() == rcode);
    CHECK(stored.view().head().cacheable == 0);
    CHECK(stored.view().body().empty());
  }
  const Stored extended("www.example. A", {.rcode = static_cast<Rcode>(23), .edns = OptOut{}});
  CHECK(extended.view().head().rcode == 23);
}

TEST_CASE("TTLs are capped and the highest bit makes them zero", "[dns][answer]") {
  const Stored stored("www.example. A", {.answer = {"www.example. 1000000 A 192.0.2.1"}});
  CHECK(stored.served("www.example. A").answer == Lines{"www.example. 86400 IN A 192.0.2.1"});
  const Stored high("www.example. A", {.answer = {"www.example. 2147483648 A 192.0.2.1"}});
  CHECK(high.view().head().ttl == 0);
}

TEST_CASE("served TTLs age and do not go below zero", "[dns][answer]") {
  const Stored stored("www.example. A",
                      {.answer = {"www.example. 300 CNAME a.test.", "a.test. 50 A 192.0.2.1"}});
  CHECK(stored.served("www.example. A", {.age = 49}).answer ==
        Lines{"www.example. 251 IN CNAME a.test.", "a.test. 1 IN A 192.0.2.1"});
  CHECK(stored.served("www.example. A", {.age = 100}).answer ==
        Lines{"www.example. 200 IN CNAME a.test.", "a.test. 0 IN A 192.0.2.1"});
  CHECK(stored.served("www.example. A", {.age = 100, .stale_ttl = 30}).answer ==
        Lines{"www.example. 30 IN CNAME a.test.", "a.test. 30 IN A 192.0.2.1"});
  CHECK(aged(5, {.age = 5}) == 0);
  CHECK(aged(5, {.age = 4}) == 1);
}

TEST_CASE("types without a name here are carried as they are", "[dns][answer]") {
  const Lines records{R"(www.example. 60 TYPE65399 \# 5 c00c00c0ff)"};
  const Stored stored("www.example. TYPE65399", {.answer = records});
  CHECK(stored.served("www.example. TYPE65399").answer ==
        Lines{R"(www.example. 60 IN TYPE65399 \# 5 c00c00c0ff)"});
}

TEST_CASE("4,000 addresses are kept", "[dns][answer]") {
  Response response;
  for (int i = 0; i < 4000; ++i)
    response.answer.push_back(a_record(i));
  const Stored stored("www.example. A", response);
  REQUIRE(stored.result.has_value());
  CHECK(stored.view().head().answer_count == 4000);
  const auto served = stored.served("www.example. A", {.age = 10});
  CHECK(served.answer.size() == 4000);
  CHECK(served.answer.back() == "www.example. 50 IN A 192.0.15.159");
}

TEST_CASE("more records than there is room for refuse the answer", "[dns][answer]") {
  Response response;
  response.answer.assign(5000, R"(. 60 TYPE65399 \# 0)");
  CHECK(Stored(". TYPE65399", response).result.error() == WireError::too_large);
}

TEST_CASE("a response that is malformed anywhere is refused as a whole", "[dns][answer]") {
  const Octets whole =
      make_response(make_query("www.example. A"),
                    {.answer = {"www.example. 60 CNAME a.test.", "a.test. 60 A 192.0.2.1"},
                     .authority = {std::string(soa)},
                     .edns = OptOut{}});
  REQUIRE(Stored("www.example. A", whole).result.has_value());
  for (std::size_t size = header_size; size < whole.size(); ++size) {
    INFO(size);
    const Octets prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(Stored("www.example. A", prefix).result.has_error());
  }
  Octets longer = whole;
  longer.push_back(0);
  CHECK(Stored("www.example. A", longer).result.error() == WireError::trailing_bytes);
}

TEST_CASE("responses that must not be used are refused", "[dns][answer]") {
  struct Case {
    std::string note;
    Response response;
    WireError error;
  };
  const std::vector<Case> cases{
      {"TC", {.flags = Flags::tc}, WireError::truncated},
      {"short address", {.answer = {R"(www.example. 60 A \# 3 c00002)"}}, WireError::bad_rdata},
      {"long address", {.answer = {R"(www.example. 60 A \# 5 c000020101)"}}, WireError::bad_rdata},
      {"empty CNAME", {.answer = {R"(www.example. 60 CNAME \# 0)"}}, WireError::bad_rdata},
      {"CNAME with more behind",
       {.answer = {R"(www.example. 60 CNAME \# 4 01610000)"}},
       WireError::bad_rdata},
      {"CNAME with a forward pointer",
       {.answer = {R"(www.example. 60 CNAME \# 2 c0ff)"}},
       WireError::bad_rdata},
      {"short SOA", {.authority = {R"(example. 60 SOA \# 2 0000)"}}, WireError::truncated},
      {"OPT in the answer section", {.answer = {R"(. 0 OPT \# 0)"}}, WireError::bad_opt},
      {"two OPTs", {.additional = {R"(. 0 OPT \# 0)"}, .edns = OptOut{}}, WireError::bad_opt},
  };
  for (const Case& c : cases) {
    INFO(c.note);
    const Stored stored("www.example. A", c.response);
    REQUIRE(stored.result.has_error());
    CHECK(stored.result.error() == c.error);
  }
}

TEST_CASE("an image that does not fit its buffer is refused, whatever the size", "[dns][answer]") {
  const Octets message =
      make_response(make_query("www.example. A"),
                    {.answer = {"www.example. 60 CNAME a.test.", "a.test. 60 A 192.0.2.1"}});
  const Question question = tests::parse_question("www.example. A");
  std::size_t fitting = 0;
  for (std::size_t size = 0; size < 200; ++size) {
    Octets out(size);
    const auto stored = store_answer(message, question, {}, out);
    if (stored) ++fitting;
    if (stored) CHECK(*stored <= size);
  }
  CHECK(fitting > 0);
}

TEST_CASE("AD of the upstream is remembered", "[dns][answer]") {
  CHECK(Stored("a. A", Response{.flags = Flags::ad}).view().head().authentic == 1);
  CHECK(Stored("a. A", Response{}).view().head().authentic == 0);
}

TEST_CASE("an answer is written anew behind a rewritten question", "[dns][answer]") {
  const Stored stored("www.example. A", {.answer = {"www.example. 300 CNAME a.b.example.",
                                                    "a.b.example. 50 A 192.0.2.1"}});
  Octets buffer(65535);
  Octets scratch(65535);
  MessageWriter writer(buffer, 1, Flags::qr);
  const Question asked = tests::parse_question("alias.of.another.length.test. A");
  writer.question(asked);
  writer.record({.owner = asked.name, .type = Type::cname, .ttl = 5}, stored.question.name);
  write_answer_anew({stored.question, stored.view()}, {.age = 10}, scratch, writer);
  REQUIRE(writer.ok());
  CHECK(describe(writer.written()) ==
        "id 1\nflags qr\nrcode NOERROR\nquestion alias.of.another.length.test. A\n"
        "answer alias.of.another.length.test. 5 IN CNAME www.example.\n"
        "answer www.example. 290 IN CNAME a.b.example.\n"
        "answer a.b.example. 40 IN A 192.0.2.1");
}

TEST_CASE("an answer written anew that does not fit says so", "[dns][answer]") {
  const Stored stored("www.example. A", {.answer = {a_record(1), a_record(2), a_record(3)}});
  Octets buffer(70);
  Octets scratch(65535);
  MessageWriter writer(buffer, 1, Flags::qr);
  writer.question(tests::parse_question("other. A"));
  write_answer_anew({stored.question, stored.view()}, {}, scratch, writer);
  CHECK_FALSE(writer.ok());
}

TEST_CASE("names standing one behind the other are gone through", "[dns][answer]") {
  Lines names;
  for_each_name(tests::parse_hex("0161 00 00 0162 0163 00"),
                [&](NameView name) { names.push_back(to_text(name)); });
  CHECK(names == Lines{"a.", ".", "b.c."});
}

TEST_CASE("random answers come back as they were stored", "[dns][answer]") {
  std::mt19937 random(2308);  // NOLINT(bugprone-random-generator-seed): the same answers every time
  const auto pick = [&](const Lines& from) { return from[random() % from.size()]; };
  const Lines owners{"www.example.", "a.example.", "b.a.example.", "c.test."};
  const Lines values{"A 192.0.2.1",        "A 192.0.2.2",   "CNAME a.example.",
                     "CNAME b.a.example.", "CNAME c.test.", "MX 10 mail.a.example.",
                     R"(TXT "x")"};
  std::size_t kept = 0;
  for (int round = 0; round < 2000; ++round) {
    Response response;
    for (std::size_t i = random() % 8; i > 0; --i)
      response.answer.push_back(pick(owners) + " 60 " + pick(values));
    if (random() % 2 == 0) response.authority.emplace_back(soa);
    const std::string question = "www.example. " + pick({"A", "MX", "TXT", "ANY"});
    const Stored first(question, response);
    if (!first.result) continue;  // loops
    ++kept;
    const MessageText served = first.served(question);
    const Stored second(question, {.answer = served.answer, .authority = served.authority});
    REQUIRE(second.result.has_value());
    CHECK(second.image == first.image);
  }
  CHECK(kept > 1000);
}

TEST_CASE("names that PTR records point to are targets", "[dns][answer]") {
  const Stored stored("1.0.0.10.in-addr.arpa. PTR",
                      {.answer = {"1.0.0.10.in-addr.arpa. 5 PTR Web.shop.example.",
                                  "1.0.0.10.in-addr.arpa. 5 PTR db.shop.example."}});
  CHECK(stored.targets() == Lines{"web.shop.example.", "db.shop.example."});
}

TEST_CASE("a PTR answer with more names than are judged is refused", "[dns][answer]") {
  std::vector<std::string> records;
  const std::string label(60, 'a');
  for (std::size_t i = 0; i < 100; ++i) {
    records.push_back("1.0.0.10.in-addr.arpa. 5 PTR h" + std::to_string(i) + '.' + label + '.' +
                      label + '.' + label + ".example.");
  }
  CHECK_FALSE(Stored("1.0.0.10.in-addr.arpa. PTR", {.answer = records}).result.has_value());
}

TEST_CASE("records that are left out leave the rest, without signatures", "[dns][answer]") {
  const Stored stored("www.example. A",
                      {.answer = {"www.example. 60 A 192.0.2.1", "www.example. 60 A 10.0.0.1",
                                  "www.example. 60 A 192.0.2.2"}});
  RecordSet left_out;
  left_out.set(1);
  Octets buffer(65535);
  Octets scratch(65535);
  MessageWriter writer(buffer, 1, Flags::qr);
  writer.question(stored.question);
  write_answer_anew({stored.question, stored.view(), &left_out}, {}, scratch, writer);
  REQUIRE(writer.ok());
  CHECK(read_message(writer.written()).answer ==
        Lines{"www.example. 60 IN A 192.0.2.1", "www.example. 60 IN A 192.0.2.2"});
}

}  // namespace sluice::dns
