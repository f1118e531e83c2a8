// SPDX-License-Identifier: Apache-2.0
// What the answers say is the subject of pipeline_test.cpp; here it is their frame: flags, EDNS,
// size.
#include "proxy/response.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"

namespace sluice::proxy {
namespace {

using dns::Rcode;
using tests::make_query;
using tests::MessageText;
using tests::Octets;
using tests::QueryOptions;

constexpr dns::OptOut plain_opt;

/// A query with everything that an answer to it is made of.
struct Answering {
  explicit Answering(std::string_view question, const QueryOptions& options = {},
                     Transport used_transport = Transport::udp)
      : packet(make_query(question, options)),
        query(*dns::parse_query(packet)),
        transport(used_transport) {}

  [[nodiscard]] Response response() { return {query, transport, limits, buffer}; }
  [[nodiscard]] Octets message(std::size_t size) const {
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
  }
  [[nodiscard]] MessageText text(std::size_t size) const {
    return tests::read_message(message(size));
  }
  MessageText error(Rcode rcode = Rcode::servfail) {
    return text(response().error(rcode, std::nullopt));
  }

  Octets packet;
  dns::Query query;
  Transport transport;
  ResponseLimits limits;
  Octets buffer = Octets(65535);
};

/// An upstream's answer as it is kept.
struct Stored {
  Stored(std::string_view question, const tests::Response& response) {
    const auto message = tests::make_response(make_query(question), response);
    const auto asked = dns::parse_query(make_query(question))->question;
    image.resize(*dns::store_answer(message, asked, {.dnssec_ok = true}, image));
  }
  [[nodiscard]] dns::AnswerView view() const { return dns::AnswerView(image); }
  Octets image = Octets(80000);
};

/// `count` addresses; with 20 octets of question "a.example. A" they take 27 + 16 x count octets.
Stored addresses(int count) {
  tests::Response response;
  for (int i = 0; i < count; ++i)
    response.answer.push_back("a.example. 300 A 192.0.2." + std::to_string(i));
  return {"a.example. A", response};
}

filters::CompiledRule denial() {
  filters::CompiledRule rule;
  rule.action = filters::Action::deny;
  rule.ede_text = "DNSFilter shop/web rule ads";
  return rule;
}

}  // namespace

TEST_CASE("flags of the query come back as they should", "[proxy][response]") {
  CHECK(Answering("a.example. A").error().flags == "qr rd ra");
  CHECK(Answering("a.example. A", {.rd = false}).error().flags == "qr ra");
  CHECK(Answering("a.example. A", {.cd = true}).error().flags == "qr rd ra cd");
  CHECK(Answering("a.example. A", {.ad = true}).error().flags == "qr rd ra");
  CHECK(Answering("a.example. A", {.id = 7}).error().id == 7);
}

TEST_CASE("an answer has EDNS when the query has it", "[proxy][response]") {
  struct Case {
    std::string name;
    QueryOptions query;
    Transport transport;
    std::string edns;
  };
  const dns::OptOut with_do{.dnssec_ok = true};
  const std::vector<tests::EdnsOption> keepalive{{11, {}}};
  const std::vector<tests::EdnsOption> others{{10, {1, 2, 3, 4, 5, 6, 7, 8}}, {8, {0, 1, 0, 0}}};
  const std::vector<Case> cases{
      {"none", {}, Transport::udp, ""},
      {"plain", {.edns = plain_opt}, Transport::udp, "payload 1232"},
      {"DO", {.edns = with_do}, Transport::udp, "payload 1232 do"},
      {"keepalive over UDP",
       {.edns = plain_opt, .options = keepalive},
       Transport::udp,
       "payload 1232"},
      {"keepalive over TCP",
       {.edns = plain_opt, .options = keepalive},
       Transport::tcp,
       "payload 1232 keepalive 100"},
      {"keepalive over TLS",
       {.edns = plain_opt, .options = keepalive},
       Transport::tls,
       "payload 1232 keepalive 100"},
      {"cookie and client subnet",
       {.edns = plain_opt, .options = others},
       Transport::udp,
       "payload 1232"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(Answering("a.example. A", one.query, one.transport).error().edns == one.edns);
  }
}

TEST_CASE("answers over TLS are padded to a multiple of 468 for who pads itself",
          "[proxy][response]") {
  const QueryOptions padded{.edns = plain_opt, .options = {{12, {0, 0, 0}}}};
  Answering over_tls("a.example. A", padded, Transport::tls);
  CHECK(over_tls.response().error(Rcode::servfail, std::nullopt) == 468);
  CHECK(over_tls.response().stored(addresses(30).view(), {}) == 936);
  Answering over_tcp("a.example. A", padded, Transport::tcp);
  CHECK(over_tcp.response().error(Rcode::servfail, std::nullopt) < 100);
  Answering unpadded("a.example. A", {.edns = plain_opt}, Transport::tls);
  CHECK(unpadded.response().error(Rcode::servfail, std::nullopt) < 100);
}

TEST_CASE("no datagram is longer than the client takes and the settings allow",
          "[proxy][response]") {
  struct Case {
    std::optional<std::uint16_t> payload;
    std::size_t limit;
  };
  const std::vector<Case> cases{{{}, 512},    {0, 512},     {511, 512},   {512, 512},
                                {600, 600},   {1231, 1231}, {1232, 1232}, {1233, 1232},
                                {4096, 1232}, {65535, 1232}};
  for (const Case& one : cases) {
    CAPTURE(one.payload.value_or(1), one.limit);
    QueryOptions options;
    if (one.payload) options.edns = dns::OptOut{.payload_size = *one.payload};
    const std::size_t opt_size = one.payload ? 11 : 0;
    Answering answering("a.example. A", options);
    for (int count = 20; count < 90; ++count) {
      const std::size_t whole = 27U + 16U * static_cast<unsigned>(count) + opt_size;
      const std::size_t size = answering.response().stored(addresses(count).view(), {});
      const MessageText text = answering.text(size);
      const bool fits = whole <= one.limit;
      REQUIRE(size == (fits ? whole : 27 + opt_size));
      REQUIRE(text.flags == (fits ? "qr rd ra" : "qr tc rd ra"));
      REQUIRE(text.answer.size() == (fits ? static_cast<unsigned>(count) : 0));
      REQUIRE(text.edns == (one.payload ? "payload 1232" : ""));
    }
  }
}

TEST_CASE("what does not fit for its EDE's text alone loses the text", "[proxy][response]") {
  const std::string label(60, 'a');
  const std::string name = label + '.' + label + '.' + label + '.' + label + ". A";
  Answering answering(name, {.edns = dns::OptOut{.payload_size = 512}});
  filters::CompiledRule rule = denial();
  rule.ede_text = std::string(200, 'x');
  const filters::Verdict verdict{filters::Action::deny, &rule};
  const MessageText text = answering.text(answering.response().denial(verdict));
  CHECK(text.flags == "qr rd ra");
  CHECK(text.rcode == "NXDOMAIN");
  CHECK(text.authority.size() == 1);
  CHECK(text.edns == "payload 1232 ede 15");
}

TEST_CASE("over a stream any answer fits that a message can be", "[proxy][response]") {
  Answering answering("a.example. A", {}, Transport::tcp);
  const std::size_t size = answering.response().stored(addresses(250).view(), {});
  CHECK(size == 27 + 16 * 250);
  CHECK(answering.text(size).answer.size() == 250);
}

TEST_CASE("AD comes from the upstream and goes to who understands it", "[proxy][response]") {
  const Stored authentic("a.example. A", {.answer = {"a.example. 300 A 192.0.2.1"},
                                          .flags = dns::Flags::ra | dns::Flags::ad});
  const auto flags = [&](const QueryOptions& options) {
    Answering answering("a.example. A", options);
    return answering.text(answering.response().stored(authentic.view(), {})).flags;
  };
  CHECK(flags({}) == "qr rd ra");
  CHECK(flags({.ad = true}) == "qr rd ra ad");
  CHECK(flags({.edns = dns::OptOut{.dnssec_ok = true}}) == "qr rd ra ad");
  CHECK(flags({.edns = plain_opt}) == "qr rd ra");
}

TEST_CASE("stale answers say so, each kind in its way", "[proxy][response]") {
  const std::string soa = "example. 900 SOA ns.example. h.example. 1 2 3 4 60";
  const Stored found("a.example. A", {.answer = {"a.example. 300 A 192.0.2.1"}});
  const Stored missing("a.example. A", {.authority = {soa}, .rcode = Rcode::nxdomain});
  Answering answering("a.example. A", {.edns = plain_opt});
  const dns::TtlPolicy stale{.age = 1000, .stale_ttl = 30};
  const MessageText one = answering.text(answering.response().stored(found.view(), stale));
  CHECK(one.edns == "payload 1232 ede 3");
  CHECK(one.answer[0] == "a.example. 30 IN A 192.0.2.1");
  CHECK(answering.text(answering.response().stored(missing.view(), stale)).edns ==
        "payload 1232 ede 19");
}

TEST_CASE("an answer behind an alias is cut as a whole", "[proxy][response]") {
  filters::CompiledRule rule;
  rule.rewrite.canonical_name = *dns::Name::from_text("a.example.");
  rule.rewrite.ttl_seconds = 9;
  Octets scratch(65535);
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    Answering answering("old.example. A", {}, transport);
    const Stored stored = addresses(40);
    const dns::Question question{dns::Name(*rule.rewrite.canonical_name), dns::Type::a,
                                 dns::Class::in};
    const std::size_t size = answering.response().retold(
        {question, stored.view()}, {.age = 100}, {.rewrite = &rule.rewrite, .scratch = scratch});
    const MessageText text = answering.text(size);
    if (transport == Transport::udp) {
      CHECK(text.flags == "qr tc rd ra");
      CHECK(text.answer.empty());
    } else {
      REQUIRE(text.answer.size() == 41);
      CHECK(text.answer[0] == "old.example. 9 IN CNAME a.example.");
      CHECK(text.answer[40] == "a.example. 200 IN A 192.0.2.39");
    }
  }
}

TEST_CASE("a message whose question is unreadable is answered by its header", "[proxy][response]") {
  Octets packet = make_query("a.example. A", {.id = 0xabcd});
  packet[2] |= 0x28;  // UPDATE
  Octets out(512);
  const auto written = [&](Rcode rcode) {
    const std::size_t size = write_header_response(packet, rcode, out);
    return tests::describe(std::span(out).first(size));
  };
  CHECK(written(Rcode::notimp) == "id 43981\nflags qr rd\nrcode NOTIMP\nquestion ");
  CHECK((out[2] >> 3 & 0xf) == 5);
  CHECK(written(Rcode::badvers) ==
        "id 43981\nflags qr rd\nrcode BADVERS\nquestion \nedns payload 1232");
}

}  // namespace sluice::proxy
