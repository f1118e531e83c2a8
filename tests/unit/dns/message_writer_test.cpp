// SPDX-License-Identifier: Apache-2.0
#include "dns/message_writer.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"
#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

using tests::describe;
using tests::Octets;
using tests::parse_hex;
using tests::parse_question;
using tests::parse_record;
using tests::read_message;
using tests::write_record;

constexpr std::span<const std::uint8_t> no_octets;

Octets written(const MessageWriter& writer) {
  const auto octets = writer.written();
  return {octets.begin(), octets.end()};
}

Name name(std::string_view text) {
  return *Name::from_text(text);
}

/// A message of 64 KiB being written, with a question in it.
struct Draft {
  explicit Draft(std::string_view question) { writer.question(parse_question(question)); }

  Octets buffer = Octets(65535);
  MessageWriter writer{buffer, 4660, Flags::qr};
};

}  // namespace

TEST_CASE("a message is written as it is read", "[dns][message_writer]") {
  Draft draft("www.example. A");
  draft.writer.record({.owner = name("www.example."), .type = Type::cname, .ttl = 300},
                      name("a.example."));
  draft.writer.record({.owner = name("a.example."), .ttl = 60},
                      std::array<std::uint8_t, 4>{192, 0, 2, 1});
  draft.writer.negative_soa(name("example."), 5);
  draft.writer.opt({.dnssec_ok = true,
                    .error = ExtendedError{.code = Ede::blocked, .text = "red/ads/1"},
                    .keepalive = 300});
  REQUIRE(draft.writer.ok());
  CHECK(draft.writer.count(Section::answer) == 2);
  CHECK(draft.writer.count(Section::authority) == 1);
  CHECK(draft.writer.count(Section::additional) == 1);
  CHECK(describe(draft.writer.written()) ==
        "id 4660\nflags qr\nrcode NOERROR\nquestion www.example. A\n"
        "answer www.example. 300 IN CNAME a.example.\n"
        "answer a.example. 60 IN A 192.0.2.1\n"
        "authority example. 5 IN SOA example. example. 1 3600 600 86400 5\n"
        "edns payload 1232 do ede 15 (red/ads/1) keepalive 300");
}

TEST_CASE("names are compressed against those before them", "[dns][message_writer]") {
  Draft draft("www.example. A");
  draft.writer.record({.owner = name("WWW.EXAMPLE."), .type = Type::cname, .ttl = 1},
                      name("a.Example."));
  draft.writer.record({.owner = name("a.example."), .type = Type::ns, .ttl = 1}, name("."));
  CHECK(written(draft.writer) == parse_hex("1234 8000 0001 0002 0000 0000"
                                           "03777777 076578616d706c65 00 0001 0001"
                                           "c00c 0005 0001 00000001 0004 0161 c010"
                                           "c029 0002 0001 00000001 0001 00"));
}

TEST_CASE("a label that only looks like a name's end is no reason to point there",
          "[dns][message_writer]") {
  Draft draft(R"(x\007example. A)");
  draft.writer.record({.owner = name("example."), .ttl = 1}, no_octets);
  draft.writer.record({.owner = name(R"(y\007example.)"), .ttl = 1}, no_octets);
  CHECK(read_message(draft.writer.written()).answer ==
        std::vector<std::string>{R"(example. 1 IN A \# 0)", R"(y\007example. 1 IN A \# 0)"});
}

TEST_CASE("no pointer leads past the 14 bits that it has", "[dns][message_writer]") {
  // Fillers put the next name at every place around the limit of 0x3fff.
  for (std::size_t filler = 0x3fff - 60; filler < 0x3fff + 4; ++filler) {
    Draft draft("q. A");
    const std::size_t head = 1 + 10;
    const Octets rdata(filler - draft.writer.size() - head);
    draft.writer.record({.owner = name("."), .type = Type::null, .ttl = 1}, rdata);
    for (const auto* owner :
         {"aaaa.bbbb.cccc.dddd.", "bbbb.cccc.dddd.", "x.dddd.", "aaaa.bbbb.cccc.dddd."})
      draft.writer.record({.owner = name(owner), .ttl = 1}, no_octets);
    REQUIRE(draft.writer.ok());
    const auto answer = read_message(draft.writer.written()).answer;
    INFO(filler);
    REQUIRE(answer.size() == 5);
    CHECK(answer[1] == R"(aaaa.bbbb.cccc.dddd. 1 IN A \# 0)");
    CHECK(answer[2] == R"(bbbb.cccc.dddd. 1 IN A \# 0)");
    CHECK(answer[3] == R"(x.dddd. 1 IN A \# 0)");
    CHECK(answer[4] == R"(aaaa.bbbb.cccc.dddd. 1 IN A \# 0)");
  }
}

TEST_CASE("names inside RDATA are compressed only where RFC 3597 allows it",
          "[dns][message_writer]") {
  Draft draft("www.example. MX");
  write_record(draft.writer, Section::answer, parse_record("www.example. 1 MX 10 www.example."));
  const std::size_t with_mx = draft.writer.size();
  CHECK(with_mx == 12 + 17 + 2 + 10 + 2 + 2);
  write_record(draft.writer, Section::answer,
               parse_record("www.example. 1 SRV 1 2 3 www.example."));
  CHECK(draft.writer.size() == with_mx + 2 + 10 + 6 + 13);
  CHECK(read_message(draft.writer.written()).answer[1] ==
        "www.example. 1 IN SRV 1 2 3 www.example.");
}

TEST_CASE("a record is copied out of another message with its names in full",
          "[dns][message_writer]") {
  const std::vector<std::string> records{
      "www.example. 1 IN CNAME a.example.",
      "www.example. 1 IN MX 10 mail.example.",
      "www.example. 1 IN SOA ns.example. admin.example. 1 2 3 4 5",
      "www.example. 1 IN SRV 1 2 3 srv.example.",
      "www.example. 1 IN TXT \"a b\" \"c\"",
      "www.example. 1 IN A 192.0.2.1",
      R"(www.example. 1 IN TYPE65399 \# 3 c00c00)",
  };
  const Octets source =
      tests::make_response(tests::make_query("www.example. ANY"), {.answer = records});
  Draft draft("another.name.test. ANY");
  RecordReader reader(source);
  while (const Record* record = reader.next())
    REQUIRE(draft.writer.copy(*record, source).has_value());
  CHECK(read_message(draft.writer.written()).answer == records);
}

TEST_CASE("a record whose RDATA its type does not allow is not copied", "[dns][message_writer]") {
  for (const auto* text : {
           R"(www.example. 1 A \# 3 c00002)",
           R"(www.example. 1 A \# 5 c000020101)",
           R"(www.example. 1 A \# 0)",
           R"(www.example. 1 AAAA \# 4 c0000201)",
           R"(www.example. 1 CNAME \# 0)",
           R"(www.example. 1 CNAME \# 2 c0ff)",
           R"(www.example. 1 CNAME \# 4 01610000)",
           R"(www.example. 1 MX \# 1 00)",
           R"(www.example. 1 MX \# 2 000a)",
           R"(www.example. 1 SRV \# 7 00010002000341)",
           R"(www.example. 1 SOA \# 3 000000)",
           R"(www.example. 1 SOA \# 21 000000000001000000020000000300000004000000)",
           R"(www.example. 1 SOA \# 23 0000000000010000000200000003000000040000000500)",
       }) {
    INFO(text);
    const Octets source =
        tests::make_response(tests::make_query("www.example. A"), {.answer = {text}});
    RecordReader reader(source);
    const Record* record = reader.next();
    REQUIRE(record != nullptr);
    Draft draft("www.example. A");
    const auto copied = draft.writer.copy(*record, source);
    REQUIRE(copied.has_error());
    CHECK(copied.error() == WireError::bad_rdata);
  }
}

TEST_CASE("nothing is written outside a buffer of any size", "[dns][message_writer]") {
  const auto question = parse_question("www.example. A");
  std::size_t fitting = 0;
  for (std::size_t size = 0; size < 120; ++size) {
    Octets buffer(size);
    MessageWriter writer(buffer, 1, Flags::qr);
    writer.question(question);
    write_record(writer, Section::answer, parse_record("www.example. 1 MX 10 mail.example."));
    writer.negative_soa(question.name, 1);
    writer.opt({.padding_block = 0});
    CHECK(writer.size() <= size);
    if (!writer.ok()) continue;
    ++fitting;
    CHECK(read_message(writer.written()).answer.size() == 1);
  }
  CHECK(fitting > 0);
}

TEST_CASE("what did not fit is cut down to the question with TC", "[dns][message_writer]") {
  Octets buffer(64);
  MessageWriter writer(buffer, 4660, Flags::qr | Flags::rd);
  writer.question(parse_question("www.example. A"));
  for (int i = 0; i < 8; ++i)
    write_record(writer, Section::answer, parse_record("www.example. 1 A 192.0.2.1"));
  REQUIRE_FALSE(writer.ok());
  writer.truncate();
  writer.opt({});
  REQUIRE(writer.ok());
  CHECK(describe(writer.written()) ==
        "id 4660\nflags qr tc rd\nrcode NOERROR\nquestion www.example. A\nedns payload 1232");
}

TEST_CASE("padding fills the message to a multiple of the block", "[dns][message_writer]") {
  for (std::size_t i = 0; i < 500; ++i) {
    Draft draft("www.example. A");
    draft.writer.record({.owner = name("."), .type = Type::null, .ttl = 1}, Octets(i));
    draft.writer.opt({.padding_block = 468});
    REQUIRE(draft.writer.ok());
    INFO(i);
    CHECK(draft.writer.size() % 468 == 0);
    CHECK(read_message(draft.writer.written()).edns.find("padding") != std::string::npos);
  }
}

TEST_CASE("the upper bits of a response code go into OPT", "[dns][message_writer]") {
  Octets buffer(64);
  MessageWriter writer(buffer, 1, Flags::qr);
  writer.opt({.rcode = Rcode::badvers});
  CHECK(read_message(writer.written()).rcode == "BADVERS");
}

TEST_CASE("a ready-made piece comes with its counts", "[dns][message_writer]") {
  Draft draft("www.example. A");
  draft.writer.append(parse_hex("c00c 0001 0001 00000001 0004 c0000201"), 1, 0);
  CHECK(read_message(draft.writer.written()).answer ==
        std::vector<std::string>{"www.example. 1 IN A 192.0.2.1"});
}

TEST_CASE("the place of the last TTL is known", "[dns][message_writer]") {
  Draft draft("www.example. A");
  draft.writer.record({.owner = name("www.example."), .ttl = 0x01020304}, no_octets);
  Reader reader(draft.writer.written(), draft.writer.last_ttl_position());
  CHECK(reader.u32() == 0x01020304);
}

TEST_CASE("names made to be compared in vain end the search for this message",
          "[dns][message_writer]") {
  // Fifteen names to compare with, and then names of 127 labels that differ from them in the last.
  const auto long_name = [](char last) {
    std::string text;
    for (int i = 0; i < 126; ++i)
      text += "a.";
    return name(text + last + '.');
  };
  Draft draft("q. A");
  for (char last = 'b'; last < 'q'; ++last)
    draft.writer.record({.owner = long_name(last), .ttl = 1}, no_octets);
  draft.writer.record({.owner = long_name('z'), .ttl = 1}, no_octets);
  // CVE-2024-8508: from here on names are written in full, even those that stand there already.
  const std::size_t before = draft.writer.size();
  draft.writer.record({.owner = name("q."), .ttl = 1}, no_octets);
  CHECK(draft.writer.size() - before == 3 + 10);
  CHECK(read_message(draft.writer.written()).answer.back() == R"(q. 1 IN A \# 0)");
}

}  // namespace sluice::dns
