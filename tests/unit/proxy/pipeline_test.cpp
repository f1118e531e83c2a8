// SPDX-License-Identifier: Apache-2.0
// What becomes of a message before anybody is asked: accept, identify, judge. What comes back from
// upstreams is the subject of pipeline_answers_test.cpp.
#include "proxy/pipeline.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/allocation_counter.hpp"
#include "tests/support/pipeline_world.hpp"

namespace sluice::proxy {
namespace {

using tests::Asking;
using tests::make_query;
using tests::MessageText;
using tests::Octets;
using tests::PipelineWorld;
using Lines = std::vector<std::string>;

constexpr const char* policies = R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSTenant
metadata: {name: shop}
spec:
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}
  delegation: {allowedActions: [Allow, Deny, Audit, Rewrite]}
---
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec:
  rules:
  - {name: own, action: Allow, domains: [shop.ads.example]}
  - {name: ads, action: Deny, domains: [".ads.example"]}
  - {name: quiet, action: Deny, domains: [quiet.example], response: {type: NODATA, ttlSeconds: 7}}
  - {name: harsh, action: Deny, domains: [harsh.example], response: {type: REFUSED}}
  - name: sink
    action: Deny
    domains: [sink.example]
    response: {type: Sinkhole, ttlSeconds: 9, sinkhole: {ipv4Address: 192.0.2.9}}
  - name: moved
    action: Rewrite
    domains: [moved.example]
    rewrite: {canonicalName: new.example, ttlSeconds: 20}
  - name: fixed
    action: Rewrite
    domains: [fixed.example]
    rewrite: {addresses: [192.0.2.1, 192.0.2.2, "2001:db8::1"], ttlSeconds: 15}
  - name: into-ads
    action: Rewrite
    domains: [into-ads.example]
    rewrite: {canonicalName: x.ads.example}
  - {name: watched, action: Audit, domains: [watched.example]}
---
apiVersion: sluice.dev/v1alpha1
kind: ClusterDNSFilter
metadata: {name: malware}
spec:
  tier: Admin
  rules:
  - {name: evil, action: Deny, domains: [evil.example]}
)";

struct Fixture {
  PipelineWorld world{{.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}},
                                   {.namespace_name = "bank", .cidrs = {"10.0.2.0/24"}}},
                       .manifests = policies}};

  [[nodiscard]] std::uint64_t rejected(RejectReason reason) const {
    return world.counters().rejected[static_cast<std::size_t>(reason)].value();
  }
  [[nodiscard]] std::uint64_t dropped(DropReason reason) const {
    return world.counters().dropped[static_cast<std::size_t>(reason)].value();
  }
  /// The answer that must be there at once.
  MessageText at_once(std::string_view question, const Asking& asking = {}) {
    const auto answer = world.ask(question, asking);
    REQUIRE(answer);
    CHECK(world.upstream().sent() == 0);
    return *answer;
  }
};

Octets with(Octets packet, std::size_t position, std::uint8_t value) {
  packet.at(position) = value;
  return packet;
}

}  // namespace

//--- accept ---------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "what is no query is dropped and counted, on every transport",
                 "[proxy][pipeline]") {
  const Octets query = make_query("www.example. A");
  struct Case {
    const char* name;
    Octets packet;
    DropReason reason;
  };
  const std::vector<Case> cases{
      {"nothing", {}, DropReason::too_short},
      {"eleven octets", Octets(11), DropReason::too_short},
      {"a response", with(query, 2, 0x81), DropReason::not_a_query},
  };
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    for (const Case& one : cases) {
      CAPTURE(one.name, static_cast<int>(transport));
      const auto before = dropped(one.reason);
      const auto origin = PipelineWorld::origin("10.0.1.5", transport);
      std::array<std::uint8_t, 512> out;
      const auto handled = world.pipeline().handle(one.packet, origin, world.clock().now(), out);
      CHECK(handled.size == 0);
      CHECK_FALSE(handled.waits);
      CHECK(dropped(one.reason) == before + 1);
    }
  }
}

TEST_CASE_METHOD(Fixture, "a message from port 0 is dropped", "[proxy][pipeline]") {
  Origin origin = PipelineWorld::origin("10.0.1.5");
  origin.port = 0;
  CHECK_FALSE(world.send(make_query("www.example. A"), origin));
  CHECK(dropped(DropReason::source_port) == 1);
  CHECK(world.upstream().sent() == 0);
}

TEST_CASE_METHOD(Fixture, "a query that is wrong in its form is answered so, on every transport",
                 "[proxy][pipeline]") {
  const Octets query = make_query("www.example. A");
  const Octets edns = make_query("www.example. A", {.edns = dns::OptOut{}});
  Octets trailing = query;
  trailing.push_back(0);
  // The octets of OPT's TTL: extended RCODE, version, flags, flags.
  const std::size_t version = edns.size() - 5;
  struct Case {
    const char* name;
    Octets packet;
    RejectReason reason;
    std::string answer;
  };
  const std::vector<Case> cases{
      {"UPDATE", with(query, 2, 0x29), RejectReason::opcode, "qr rd NOTIMP"},
      {"NOTIFY", with(query, 2, 0x20), RejectReason::opcode, "qr NOTIMP"},
      {"DSO", with(query, 2, 0x30), RejectReason::opcode, "qr NOTIMP"},
      {"no question", with(query, 5, 0), RejectReason::question_count, "qr rd FORMERR"},
      {"two questions", with(query, 5, 2), RejectReason::question_count, "qr rd FORMERR"},
      {"an answer", with(query, 7, 1), RejectReason::malformed, "qr rd FORMERR"},
      {"a record that is not there", with(query, 11, 1), RejectReason::malformed, "qr rd FORMERR"},
      {"an octet too many", trailing, RejectReason::malformed, "qr rd FORMERR"},
      {"a name cut off", Octets(query.begin(), query.end() - 6), RejectReason::malformed,
       "qr rd FORMERR"},
      {"a pointer to itself", with(with(query, 12, 0xc0), 13, 12), RejectReason::malformed,
       "qr rd FORMERR"},
      {"EDNS version 1", with(edns, version, 1), RejectReason::version, "qr rd BADVERS"},
      {"class CH", with(query, query.size() - 1, 3), RejectReason::class_, "qr rd ra REFUSED"},
      {"class ANY", with(query, query.size() - 1, 255), RejectReason::class_, "qr rd ra REFUSED"},
      {"IXFR", make_query("www.example. TYPE251"), RejectReason::type, "qr rd ra REFUSED"},
      {"AXFR", make_query("www.example. TYPE252"), RejectReason::type, "qr rd ra REFUSED"},
      {"MAILB", make_query("www.example. TYPE253"), RejectReason::type, "qr rd ra REFUSED"},
      {"TSIG", make_query("www.example. TYPE250"), RejectReason::type, "qr rd ra REFUSED"},
      {"type 128", make_query("www.example. TYPE128"), RejectReason::type, "qr rd ra REFUSED"},
      {"OPT", make_query("www.example. TYPE41"), RejectReason::type, "qr rd ra REFUSED"},
      {"type 0", make_query("www.example. TYPE0"), RejectReason::type, "qr rd ra REFUSED"},
  };
  for (const Transport transport : {Transport::udp, Transport::tcp, Transport::tls}) {
    for (const Case& one : cases) {
      CAPTURE(one.name, static_cast<int>(transport));
      const auto before = rejected(one.reason);
      const auto answer = world.send(one.packet, PipelineWorld::origin("10.0.1.5", transport));
      REQUIRE(answer);
      const MessageText text = tests::read_message(*answer);
      CHECK(text.flags + ' ' + text.rcode == one.answer);
      CHECK(text.id == 4660);
      CHECK(text.answer.empty());
      CHECK(rejected(one.reason) == before + 1);
    }
  }
  CHECK(world.upstream().sent() == 0);
}

TEST_CASE_METHOD(Fixture, "ANY gets one small record, whatever there is", "[proxy][pipeline]") {
  const MessageText answer = at_once("www.example. ANY");
  CHECK(answer.rcode == "NOERROR");
  REQUIRE(answer.answer.size() == 1);
  CHECK(answer.answer[0].starts_with("www.example. 3600 IN HINFO"));
  CHECK(at_once("x.ads.example. ANY").rcode == "NXDOMAIN");
}

//--- identify -------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "a client that nobody knows is refused and told so",
                 "[proxy][pipeline]") {
  const MessageText answer = at_once("www.example. A", {.from = "10.9.9.9"});
  CHECK(answer.rcode == "REFUSED");
  CHECK(answer.flags == "qr rd ra");
  CHECK(answer.edns == "payload 1232 ede 18 (unknown client)");
  CHECK(rejected(RejectReason::unknown_client) == 1);
  const TenantCounters& counters = world.tenant("_unknown");
  CHECK(counters.requests[0].value() == 1);
  CHECK(counters.responses[0][static_cast<std::size_t>(dns::Rcode::refused)].value() == 1);
}

TEST_CASE("an unknown client is under the cluster's own policies when the settings say so",
          "[proxy][pipeline]") {
  tests::WorldOptions options{.manifests = policies};
  options.settings.identity.unknown_client = config::UnknownClient::baseline;
  PipelineWorld world(options);
  CHECK(world.ask("evil.example. A")->rcode == "NXDOMAIN");
  CHECK_FALSE(world.ask("x.ads.example. A"));
  CHECK(world.upstream().pending() == Lines{"x.ads.example. A"});
}

TEST_CASE("before there are any policies everybody is refused", "[proxy][pipeline]") {
  PipelineWorld world({.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}}});
  world.pipeline().set_clients(std::make_shared<filters::ClientMap>());
  CHECK(world.ask("www.example. A")->rcode == "REFUSED");
}

//--- judge ----------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "a denial is answered as the rule says, and tells which rule it was",
                 "[proxy][pipeline]") {
  struct Case {
    std::string question;
    std::string rcode;
    Lines answer;
    Lines authority;
    std::string ede;
  };
  const auto soa = [](const std::string& name, const std::string& ttl) {
    return Lines{name + ' ' + ttl + " IN SOA " + name + ' ' + name + " 1 3600 600 86400 " + ttl};
  };
  const std::vector<Case> cases{
      {"x.ads.example. A",
       "NXDOMAIN",
       {},
       soa("x.ads.example.", "30"),
       "ede 17 (DNSFilter shop/web rule ads)"},
      {"ads.example. TXT",
       "NXDOMAIN",
       {},
       soa("ads.example.", "30"),
       "ede 17 (DNSFilter shop/web rule ads)"},
      {"evil.example. A",
       "NXDOMAIN",
       {},
       soa("evil.example.", "30"),
       "ede 15 (ClusterDNSFilter malware rule evil)"},
      {"quiet.example. A",
       "NOERROR",
       {},
       soa("quiet.example.", "7"),
       "ede 17 (DNSFilter shop/web rule quiet)"},
      {"harsh.example. A", "REFUSED", {}, {}, "ede 17 (DNSFilter shop/web rule harsh)"},
      {"sink.example. A",
       "NOERROR",
       {"sink.example. 9 IN A 192.0.2.9"},
       {},
       "ede 17 (DNSFilter shop/web rule sink)"},
      {"sink.example. AAAA",
       "NOERROR",
       {},
       soa("sink.example.", "9"),
       "ede 17 (DNSFilter shop/web rule sink)"},
      {"sink.example. HTTPS",
       "NOERROR",
       {},
       soa("sink.example.", "9"),
       "ede 17 (DNSFilter shop/web rule sink)"},
      {"fixed.example. A",
       "NOERROR",
       {"fixed.example. 15 IN A 192.0.2.1", "fixed.example. 15 IN A 192.0.2.2"},
       {},
       "ede 4 (DNSFilter shop/web rule fixed)"},
      {"fixed.example. AAAA",
       "NOERROR",
       {"fixed.example. 15 IN AAAA 2001:db8::1"},
       {},
       "ede 4 (DNSFilter shop/web rule fixed)"},
      {"fixed.example. MX",
       "NOERROR",
       {},
       soa("fixed.example.", "15"),
       "ede 4 (DNSFilter shop/web rule fixed)"},
      {"into-ads.example. A",
       "NXDOMAIN",
       {},
       soa("into-ads.example.", "30"),
       "ede 17 (DNSFilter shop/web rule ads)"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.question);
    const MessageText answer = at_once(one.question);
    CHECK(answer.question == one.question);
    CHECK(answer.rcode == one.rcode);
    CHECK(answer.flags == "qr rd ra");
    CHECK(answer.answer == one.answer);
    CHECK(answer.authority == one.authority);
    CHECK(answer.edns == "payload 1232 " + one.ede);
  }
}

TEST_CASE_METHOD(Fixture, "a denied name keeps the client's spelling and is denied in any",
                 "[proxy][pipeline]") {
  const MessageText answer = at_once("X.aDs.ExAmPle. A");
  CHECK(answer.rcode == "NXDOMAIN");
  CHECK(answer.question == "X.aDs.ExAmPle. A");
}

TEST_CASE_METHOD(Fixture, "without EDNS in the query there is none in the answer",
                 "[proxy][pipeline]") {
  const MessageText answer = at_once("x.ads.example. A", {.query = {}});
  CHECK(answer.rcode == "NXDOMAIN");
  CHECK(answer.edns.empty());
}

TEST_CASE_METHOD(Fixture, "another tenant's rules do not matter, the cluster's do",
                 "[proxy][pipeline]") {
  CHECK(at_once("evil.example. A", {.from = "10.0.2.1"}).rcode == "NXDOMAIN");
  CHECK_FALSE(world.ask("x.ads.example. A", {.from = "10.0.2.1"}));
  CHECK(world.upstream().pending() == Lines{"x.ads.example. A"});
}

TEST_CASE_METHOD(Fixture, "decisions are counted for the tenant and the rule",
                 "[proxy][pipeline]") {
  at_once("x.ads.example. A");
  at_once("y.ads.example. A", {.transport = Transport::tls});
  at_once("evil.example. A", {.from = "10.0.2.1"});
  CHECK(world.decisions("shop/web", "ads") == 2);
  CHECK(world.decisions("malware", "evil") == 1);
  const TenantCounters& shop = world.tenant("shop");
  CHECK(shop.requests[static_cast<std::size_t>(Transport::udp)].value() == 1);
  CHECK(shop.requests[static_cast<std::size_t>(Transport::tls)].value() == 1);
  CHECK(shop.responses[static_cast<std::size_t>(AnswerSource::policy)][3].value() == 2);
}

TEST_CASE_METHOD(Fixture, "a rule that only audits counts and lets the query go on",
                 "[proxy][pipeline]") {
  CHECK_FALSE(world.ask("watched.example. A"));
  world.upstream().answer({.answer = {"watched.example. 300 A 192.0.2.1"}});
  CHECK(world.take_reply().answer == Lines{"watched.example. 300 IN A 192.0.2.1"});
  CHECK(world.decisions("shop/web", "watched") == 1);
  CHECK(world.ask("watched.example. A"));
  CHECK(world.decisions("shop/web", "watched") == 2);
}

//--- forward --------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "an upstream is asked what the client asked, in a form of our own",
                 "[proxy][pipeline]") {
  CHECK_FALSE(world.ask(
      "WWW.example. AAAA",
      {.query = {.id = 7,
                 .rd = false,
                 .edns = dns::OptOut{.payload_size = 4096},
                 .options = {{8, {0, 1, 24, 0, 10, 0, 1}}, {10, {1, 2, 3, 4, 5, 6, 7, 8}}}}}));
  const Octets sent = world.upstream().oldest();
  const MessageText query = tests::read_message(sent);
  CHECK(query.question == "www.example. AAAA");
  CHECK(query.flags == "rd");
  CHECK(query.edns.starts_with("payload 1232 padding "));
  CHECK(sent.size() == 128);
}

TEST_CASE_METHOD(Fixture, "the longest name fits the query to the upstream", "[proxy][pipeline]") {
  const std::string label(62, 'a');
  const std::string name = label + '.' + label + '.' + label + '.' + label + ".a.";
  CHECK_FALSE(world.ask(name + " A"));
  CHECK(world.upstream().pending() == Lines{name + " A"});
  CHECK(world.upstream().oldest().size() == 384);
}

TEST_CASE_METHOD(Fixture, "a rewritten name is asked for under its new name", "[proxy][pipeline]") {
  CHECK_FALSE(world.ask("moved.example. A"));
  CHECK(world.upstream().pending() == Lines{"new.example. A"});
}

TEST_CASE_METHOD(Fixture, "the bound on queries under way is kept and counted",
                 "[proxy][pipeline]") {
  tests::WorldOptions options{.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}}}};
  options.settings.limits.max_in_flight = 3;
  PipelineWorld small(options);
  for (const char* question : {"a.example. A", "b.example. A", "b.example. A"})
    CHECK_FALSE(small.ask(question));
  for (const char* question : {"c.example. A", "a.example. A"}) {
    const auto answer = small.ask(question);
    REQUIRE(answer);
    CHECK(answer->rcode == "SERVFAIL");
    CHECK(answer->edns == "payload 1232 ede 0 (too many queries under way)");
  }
  CHECK(small.upstream().pending() == Lines{"a.example. A", "b.example. A"});
  const auto limit = static_cast<std::size_t>(LimitReason::in_flight);
  CHECK(small.counters().limited[limit].value() == 2);
  CHECK(small.counters().in_flight.value() == 3);
  small.upstream().answer(tests::Response{});
  small.upstream().answer(tests::Response{});
  CHECK(small.counters().in_flight.value() == 0);
  CHECK_FALSE(small.ask("c.example. A"));
}

//--- cost -----------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "no query allocates after warm-up", "[proxy][pipeline]") {
  if (!tests::AllocationCounter::is_supported()) SKIP("malloc belongs to the sanitizer");
  const Origin origin = PipelineWorld::origin("10.0.1.5");
  std::array<std::uint8_t, 4096> out;
  const auto handle = [&](const Octets& packet) {
    return world.pipeline().handle(packet, origin, world.clock().now(), out).size;
  };
  const dns::OptOut opt;
  const Octets hit = make_query("hit.example. A", {.edns = opt});
  CHECK(handle(hit) == 0);
  world.upstream().answer({.answer = {"hit.example. 300 A 192.0.2.1"}});
  std::vector<Octets> at_once{hit};
  for (const char* question : {"x.ads.example. A", "sink.example. A", "fixed.example. A",
                               "into-ads.example. A", "www.example. ANY", "www.example. AXFR"})
    at_once.push_back(make_query(question, {.edns = opt}));
  std::vector<Octets> misses;
  for (int i = 0; i < 500; ++i)
    misses.push_back(make_query("n" + std::to_string(i) + ".example. A", {.edns = opt}));
  const auto round = [&] {
    std::size_t waiting = 0;
    for (const Octets& packet : at_once)
      waiting += handle(packet) == 0 ? 1 : 0;
    for (const Octets& packet : misses)
      waiting += handle(packet) == 0 ? 1 : 0;
    return waiting;
  };
  const auto fail_all = [&] {
    while (world.upstream().has_pending())
      world.upstream().fail(UpstreamFailure::unreachable);
    world.elapse(std::chrono::seconds(2));
  };
  CHECK(round() == misses.size());
  fail_all();
  const tests::AllocationCounter allocations;
  const std::size_t waiting = round();
  const std::size_t allocated = allocations.count();
  CHECK(waiting == misses.size());
  CHECK(allocated == 0);
}

}  // namespace sluice::proxy
