// SPDX-License-Identifier: Apache-2.0
// What becomes of queries that an upstream has to be asked: waiting, inspection, cache, failures.
#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "proxy/pipeline.hpp"
#include "tests/support/pipeline_world.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;
using tests::Asking;
using tests::make_query;
using tests::make_response;
using tests::MessageText;
using tests::Octets;
using tests::PipelineWorld;
using tests::Response;
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
  - {name: partner, action: Allow, domains: [partner.example]}
  - {name: checked, action: Allow, domains: [checked.example], cnameInspection: Inspect}
  - {name: ads, action: Deny, domains: [".ads.example"]}
  - {name: moved, action: Rewrite, domains: [moved.example], rewrite: {canonicalName: new.example}}
---
apiVersion: sluice.dev/v1alpha1
kind: ClusterDNSFilter
metadata: {name: malware}
spec:
  tier: Admin
  rules:
  - {name: evil, action: Deny, domains: [evil.example]}
)";

const Asking shop{.from = "10.0.1.5"};
const Asking bank{.from = "10.0.2.5"};
const Response www{.answer = {"www.example. 300 A 192.0.2.1"}};
const Response www_missing{.authority = {"example. 900 SOA ns.example. h.example. 1 2 3 4 60"},
                           .rcode = dns::Rcode::nxdomain};

struct Fixture {
  Fixture() : Fixture(config::Settings()) {}
  explicit Fixture(const config::Settings& settings)
      : world({.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}},
                           {.namespace_name = "bank", .cidrs = {"10.0.2.0/24"}}},
               .manifests = policies,
               .settings = settings}) {}

  /// Asks, has the upstream answer, and returns what the client gets.
  MessageText resolve(std::string_view question, const Response& response,
                      const Asking& asking = shop) {
    REQUIRE_FALSE(world.ask(question, asking));
    world.upstream().answer(response);
    return world.take_reply();
  }
  MessageText fail(std::string_view question, UpstreamFailure failure) {
    REQUIRE_FALSE(world.ask(question));
    world.upstream().fail(failure);
    return world.take_reply();
  }
  /// The answer that must be there at once, without another query to the upstream.
  MessageText at_once(std::string_view question, const Asking& asking = shop) {
    const std::size_t before = world.upstream().sent();
    const auto answer = world.ask(question, asking);
    REQUIRE(answer);
    CHECK(world.upstream().sent() == before);
    return *answer;
  }

  PipelineWorld world;
};

}  // namespace

//--- waiting --------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "an answer goes to who asked, as they asked", "[proxy][pipeline]") {
  const Asking asking{.from = "10.0.1.77", .transport = Transport::tcp, .query = {.id = 99}};
  CHECK_FALSE(world.ask("WwW.Example. A", asking));
  world.upstream().answer(www);
  REQUIRE(world.replies().size() == 1);
  const Origin& origin = world.replies()[0].origin;
  CHECK(to_text(origin.address) == "10.0.1.77");
  CHECK(origin.transport == Transport::tcp);
  const MessageText answer = world.take_reply();
  CHECK(answer.id == 99);
  CHECK(answer.flags == "qr rd ra");
  CHECK(answer.rcode == "NOERROR");
  CHECK(answer.question == "WwW.Example. A");
  CHECK(answer.answer == Lines{"WwW.Example. 300 IN A 192.0.2.1"});
  CHECK(answer.edns.empty());
}

TEST_CASE_METHOD(Fixture, "a thousand clients and ten spellings cost one query",
                 "[proxy][pipeline]") {
  std::string name = "abcdefghij.example";
  for (int i = 0; i < 1000; ++i) {
    name[static_cast<std::size_t>(i % 10)] ^= 0x20;
    const std::string from = "10.0.1." + std::to_string(i % 250 + 1);
    CHECK_FALSE(
        world.ask(name + ". A", {.from = from, .query = {.id = static_cast<std::uint16_t>(i)}}));
  }
  CHECK(world.upstream().sent() == 1);
  CHECK(world.counters().coalesced.value() == 999);
  CHECK(world.counters().in_flight.value() == 1000);
  world.upstream().answer({.answer = {"abcdefghij.example. 300 A 192.0.2.1"}});
  CHECK(world.replies().size() == 1000);
  CHECK(world.counters().in_flight.value() == 0);
}

TEST_CASE_METHOD(Fixture, "questions that differ in type, DO or CD are asked by themselves",
                 "[proxy][pipeline]") {
  CHECK_FALSE(world.ask("www.example. A"));
  CHECK_FALSE(world.ask("www.example. AAAA"));
  CHECK_FALSE(world.ask("www.example. A", {.query = {.edns = dns::OptOut{.dnssec_ok = true}}}));
  CHECK_FALSE(world.ask("www.example. A", {.query = {.cd = true}}));
  REQUIRE(world.upstream().sent() == 4);
  Lines sent;
  for (int i = 0; i < 4; ++i) {
    const MessageText query = tests::read_message(world.upstream().oldest());
    const bool dnssec_ok = query.edns.find(" do ") != std::string::npos;
    sent.push_back(query.question + ' ' + query.flags + (dnssec_ok ? " do" : ""));
    world.upstream().answer(Response{});
  }
  CHECK(sent == Lines{"www.example. A rd", "www.example. AAAA rd", "www.example. A rd do",
                      "www.example. A rd cd"});
}

TEST_CASE_METHOD(Fixture, "answers with DNSSEC records are kept apart from those without",
                 "[proxy][pipeline]") {
  const std::string signature =
      "www.example. 300 TYPE46 \\# 20 0001 0d 02 0000012c 00000000 "
      "00000000 0001 00 ff";
  const Response signed_www{.answer = {"www.example. 300 A 192.0.2.1", signature},
                            .flags = dns::Flags::ra | dns::Flags::ad};
  const Asking with_do{.query = {.edns = dns::OptOut{.dnssec_ok = true}}};
  CHECK(resolve("www.example. A", signed_www, with_do).answer.size() == 2);
  CHECK(at_once("www.example. A", with_do).flags == "qr rd ra ad");
  const MessageText plain = resolve("www.example. A", signed_www);
  CHECK(plain.answer.size() == 1);
  CHECK(plain.flags == "qr rd ra");
  CHECK(at_once("www.example. A", {.query = {.ad = true}}).flags == "qr rd ra ad");
}

TEST_CASE_METHOD(Fixture, "an answer that comes too late or twice does nothing",
                 "[proxy][pipeline]") {
  CHECK_FALSE(world.ask("www.example. A"));
  const Octets response = make_response(world.upstream().oldest(), www);
  const auto token = world.upstream().answer(response);
  CHECK(world.replies().size() == 1);
  world.pipeline().on_answer(token, response);
  world.pipeline().on_failure(token, UpstreamFailure::timed_out);
  world.pipeline().on_answer(token + 1, response);
  world.pipeline().on_failure(0, UpstreamFailure::timed_out);
  CHECK(world.replies().size() == 1);
  CHECK(at_once("www.example. A").answer.size() == 1);
  CHECK(world.counters().upstreams.at(0).failures[0].value() == 0);
}

TEST_CASE_METHOD(Fixture, "who waits too long is told so, and the answer is kept all the same",
                 "[proxy][pipeline]") {
  CHECK_FALSE(world.ask("www.example. A"));
  world.elapse(3900ms);
  CHECK(world.replies().empty());
  world.elapse(100ms);
  const MessageText answer = world.take_reply();
  CHECK(answer.rcode == "SERVFAIL");
  CHECK(answer.edns == "payload 1232 ede 22 (upstream did not answer in time)");
  const auto limit = static_cast<std::size_t>(LimitReason::query_timeout);
  CHECK(world.counters().limited[limit].value() == 1);
  world.upstream().answer(www);
  CHECK(world.replies().empty());
  CHECK(at_once("www.example. A").answer.size() == 1);
}

//--- policy ---------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "an alias that leads to a denied name is denied, on a miss and on a hit",
                 "[proxy][pipeline]") {
  const Response cloaked{.answer = {"www.example. 300 CNAME a.example.",
                                    "a.example. 300 CNAME T.ads.example.",
                                    "T.ads.example. 300 A 192.0.2.66"}};
  for (const MessageText& answer :
       {resolve("www.example. A", cloaked), at_once("www.example. A")}) {
    CHECK(answer.rcode == "NXDOMAIN");
    CHECK(answer.answer.empty());
    CHECK(answer.edns == "payload 1232 ede 17 (DNSFilter shop/web rule ads)");
  }
  CHECK(world.decisions("shop/web", "ads") == 2);
  CHECK(at_once("www.example. A", bank).answer.size() == 3);
}

TEST_CASE_METHOD(Fixture, "a rule that allows trusts aliases, except against Admin denies",
                 "[proxy][pipeline]") {
  struct Case {
    std::string name;
    std::string target;
    std::string rcode;
  };
  const std::vector<Case> cases{
      {"partner.example.", "t.ads.example.", "NOERROR"},
      {"partner.example.", "evil.example.", "NXDOMAIN"},
      {"checked.example.", "t.ads.example.", "NXDOMAIN"},
      {"checked.example.", "fine.example.", "NOERROR"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name, one.target);
    const std::string alias = one.name + " 1 CNAME " + one.target;
    const Response response{.answer = {alias, one.target + " 1 A 192.0.2.1"}};
    CHECK(resolve(one.name + " A", response).rcode == one.rcode);
    world.elapse(2h);  // out of the cache
  }
}

TEST_CASE_METHOD(Fixture, "what one tenant may have and another may not is cached for both",
                 "[proxy][pipeline]") {
  const Response ads{.answer = {"x.ads.example. 300 A 192.0.2.66"}};
  CHECK(resolve("x.ads.example. A", ads, bank).answer.size() == 1);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(at_once("x.ads.example. A", shop).rcode == "NXDOMAIN");
    REQUIRE(at_once("x.ads.example. A", bank).answer ==
            Lines{"x.ads.example. 300 IN A 192.0.2.66"});
  }
}

TEST_CASE_METHOD(Fixture, "a denied client does not hold up an allowed one", "[proxy][pipeline]") {
  CHECK(at_once("x.ads.example. A", shop).rcode == "NXDOMAIN");
  CHECK_FALSE(world.ask("x.ads.example. A", bank));
  CHECK(at_once("x.ads.example. A", shop).rcode == "NXDOMAIN");
}

TEST_CASE_METHOD(Fixture, "a query that waits is judged by the policy of the moment it is answered",
                 "[proxy][pipeline]") {
  const std::string stricter = R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec: {rules: [{name: all, action: Deny, domains: [www.example]}]}
)";
  CHECK_FALSE(world.ask("www.example. A", shop));
  CHECK_FALSE(world.ask("www.example. A", bank));
  CHECK(world.load(stricter).empty());
  world.upstream().answer(www);
  Lines rcodes;
  for (int i = 0; i < 2; ++i) {
    const std::string from = to_text(world.replies()[0].origin.address);
    rcodes.push_back(from + ' ' + world.take_reply().rcode);
  }
  std::sort(rcodes.begin(), rcodes.end());
  CHECK(rcodes == Lines{"10.0.1.5 NXDOMAIN", "10.0.2.5 NOERROR"});
}

TEST_CASE_METHOD(Fixture, "a query that waits is asked again when policy leads elsewhere meanwhile",
                 "[proxy][pipeline]") {
  const std::string moved = R"(
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
  - {name: to-new, action: Rewrite, domains: [www.example], rewrite: {canonicalName: new.example}}
)";
  CHECK_FALSE(world.ask("www.example. A"));
  CHECK(world.load(moved).empty());
  world.upstream().answer(www);
  CHECK(world.replies().empty());
  CHECK(world.upstream().pending() == Lines{"new.example. A"});
  world.upstream().answer({.answer = {"new.example. 60 A 192.0.2.2"}});
  CHECK(world.take_reply().answer ==
        Lines{"www.example. 30 IN CNAME new.example.", "new.example. 60 IN A 192.0.2.2"});
}

TEST_CASE_METHOD(Fixture, "a client that is gone when its answer comes is refused",
                 "[proxy][pipeline]") {
  CHECK_FALSE(world.ask("www.example. A"));
  world.pipeline().set_clients(std::make_shared<filters::ClientMap>());
  world.upstream().answer(www);
  CHECK(world.take_reply().rcode == "REFUSED");
}

TEST_CASE_METHOD(Fixture, "a rewritten answer stands behind its alias, aged apart from it",
                 "[proxy][pipeline]") {
  const Response target{.answer = {"new.example. 300 A 192.0.2.1"}};
  const MessageText first = resolve("Moved.example. A", target);
  CHECK(first.question == "Moved.example. A");
  CHECK(first.answer ==
        Lines{"Moved.example. 30 IN CNAME new.example.", "new.example. 300 IN A 192.0.2.1"});
  CHECK(first.edns == "payload 1232 ede 4 (DNSFilter shop/web rule moved)");
  world.elapse(100s);
  CHECK(at_once("moved.example. A").answer ==
        Lines{"moved.example. 30 IN CNAME new.example.", "new.example. 200 IN A 192.0.2.1"});
  // The target itself was cached under its own name, for everybody.
  CHECK(at_once("new.example. A", bank).answer == Lines{"new.example. 200 IN A 192.0.2.1"});
  CHECK_FALSE(world.ask("moved.example. A", bank));
}

TEST_CASE_METHOD(Fixture, "a rewritten name whose target leads to a denied one is denied",
                 "[proxy][pipeline]") {
  const Response target{
      .answer = {"new.example. 300 CNAME t.ads.example.", "t.ads.example. 300 A 192.0.2.66"}};
  CHECK(resolve("moved.example. A", target).rcode == "NXDOMAIN");
}

//--- cache ----------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "TTLs count down, and at their end the upstream is asked again",
                 "[proxy][pipeline]") {
  resolve("www.example. A", www);
  CHECK(at_once("www.example. A").answer == Lines{"www.example. 300 IN A 192.0.2.1"});
  world.elapse(299s);
  CHECK(at_once("WWW.example. A").answer == Lines{"WWW.example. 1 IN A 192.0.2.1"});
  world.elapse(1s);
  CHECK_FALSE(world.ask("www.example. A"));
  CHECK(world.counters().cache.hits.value() == 2);
  CHECK(world.counters().cache.misses.value() == 2);
}

TEST_CASE_METHOD(Fixture, "negative answers are kept for as long as their SOA says",
                 "[proxy][pipeline]") {
  for (const dns::Rcode rcode : {dns::Rcode::nxdomain, dns::Rcode::noerror}) {
    const std::string name = rcode == dns::Rcode::nxdomain ? "no.example. A" : "nodata.example. A";
    Response missing = www_missing;
    missing.rcode = rcode;
    const MessageText first = resolve(name, missing);
    CHECK(first.rcode == to_text(rcode));
    CHECK(first.authority == Lines{"example. 60 IN SOA ns.example. h.example. 1 2 3 4 60"});
    world.elapse(59s);
    CHECK(at_once(name).authority == Lines{"example. 1 IN SOA ns.example. h.example. 1 2 3 4 60"});
    world.elapse(1s);
    CHECK_FALSE(world.ask(name));
    world.upstream().answer(missing);
    world.replies().clear();
  }
}

TEST_CASE_METHOD(Fixture, "a negative answer without SOA is passed on and not kept",
                 "[proxy][pipeline]") {
  CHECK(resolve("no.example. A", {.rcode = dns::Rcode::nxdomain}).rcode == "NXDOMAIN");
  CHECK_FALSE(world.ask("no.example. A"));
}

TEST_CASE_METHOD(Fixture, "records that nobody asked for are neither passed on nor learnt",
                 "[proxy][pipeline]") {
  const Response poisoned{.answer = {"www.example. 300 A 192.0.2.1", "bank.example. 300 A 6.6.6.6"},
                          .authority = {"example. 300 NS ns.evil.example."},
                          .additional = {"ns.evil.example. 300 A 6.6.6.6"}};
  const MessageText answer = resolve("www.example. A", poisoned);
  CHECK(answer.answer == Lines{"www.example. 300 IN A 192.0.2.1"});
  CHECK(answer.authority.empty());
  CHECK(answer.additional.empty());
  CHECK_FALSE(world.ask("bank.example. A"));
}

//--- failures -------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "a client is told how its upstream failed", "[proxy][pipeline]") {
  struct Case {
    UpstreamFailure failure;
    std::string edns;
  };
  const std::vector<Case> cases{
      {UpstreamFailure::unreachable, "ede 23 (upstream unreachable)"},
      {UpstreamFailure::timed_out, "ede 22 (upstream did not answer in time)"},
      {UpstreamFailure::untrusted, "ede 22 (certificate of upstream does not verify)"},
      {UpstreamFailure::overloaded, "ede 22 (too many queries under way to upstream)"},
  };
  for (const Case& one : cases) {
    const auto number = static_cast<std::size_t>(one.failure);
    const MessageText answer = fail("n" + std::to_string(number) + ".example. A", one.failure);
    CHECK(answer.rcode == "SERVFAIL");
    CHECK(answer.edns == "payload 1232 " + one.edns);
  }
}

TEST_CASE_METHOD(Fixture, "what failed is not asked again for a second", "[proxy][pipeline]") {
  fail("www.example. A", UpstreamFailure::unreachable);
  world.elapse(999ms);
  const MessageText answer = at_once("www.example. A");
  CHECK(answer.rcode == "SERVFAIL");
  CHECK(answer.edns == "payload 1232 ede 13 (resolution failed a moment ago)");
  world.elapse(1ms);
  CHECK(resolve("www.example. A", www).rcode == "NOERROR");
}

TEST_CASE_METHOD(Fixture, "an upstream's own SERVFAIL is passed on and remembered for a second",
                 "[proxy][pipeline]") {
  for (const dns::Rcode rcode :
       {dns::Rcode::servfail, dns::Rcode::refused, dns::Rcode::notimp, dns::Rcode::formerr}) {
    const std::string question = "n" + std::to_string(static_cast<int>(rcode)) + ".example. A";
    const Response response{.answer = {"www.example. 300 A 192.0.2.1"}, .rcode = rcode};
    const MessageText answer = resolve(question, response);
    CHECK(answer.rcode == to_text(rcode));
    CHECK(answer.answer.empty());
    CHECK(at_once(question).rcode == "SERVFAIL");
  }
}

TEST_CASE_METHOD(Fixture, "a malformed answer is never passed on and never kept",
                 "[proxy][pipeline]") {
  const auto broken = [](Octets message, int kind) {
    if (kind == 0) message.push_back(0);
    if (kind == 1) message.pop_back();
    if (kind == 2) message[7] = 2;
    if (kind == 3) message[2] |= 0x02;               // TC on a stream
    if (kind == 4) message[message.size() - 5] = 9;  // RDLENGTH
    return message;
  };
  for (int kind = 0; kind < 5; ++kind) {
    CAPTURE(kind);
    const std::string name = "n" + std::to_string(kind) + ".example.";
    REQUIRE_FALSE(world.ask(name + " A"));
    const Response good{.answer = {name + " 300 A 192.0.2.1"}};
    world.upstream().answer(broken(make_response(world.upstream().oldest(), good), kind));
    const MessageText answer = world.take_reply();
    CHECK(answer.rcode == "SERVFAIL");
    CHECK(answer.answer.empty());
    CHECK(answer.edns == "payload 1232 ede 23 (malformed answer from upstream)");
    world.elapse(1s);
    CHECK(resolve(name + " A", good).answer.size() == 1);
  }
  CHECK(world.counters().upstreams.at(0).mismatched_answers.value() == 5);
}

TEST_CASE_METHOD(Fixture, "a loop of aliases is an error", "[proxy][pipeline]") {
  const Response loop{
      .answer = {"www.example. 300 CNAME a.example.", "a.example. 300 CNAME www.example."}};
  CHECK(resolve("www.example. A", loop).rcode == "SERVFAIL");
}

//--- stale answers --------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "when the upstream fails an expired answer is better than none",
                 "[proxy][pipeline]") {
  resolve("www.example. A", www);
  resolve("no.example. A", www_missing);
  world.elapse(10min);
  const MessageText answer = fail("www.example. A", UpstreamFailure::unreachable);
  CHECK(answer.rcode == "NOERROR");
  CHECK(answer.answer == Lines{"www.example. 30 IN A 192.0.2.1"});
  CHECK(answer.edns == "payload 1232 ede 3");
  const MessageText missing = fail("no.example. A", UpstreamFailure::timed_out);
  CHECK(missing.rcode == "NXDOMAIN");
  CHECK(missing.authority == Lines{"example. 30 IN SOA ns.example. h.example. 1 2 3 4 60"});
  CHECK(missing.edns == "payload 1232 ede 19");
  CHECK(world.counters().cache.stale_hits.value() == 2);
  // A moment later it is there at once: the upstream is not asked again yet.
  CHECK(at_once("www.example. A").ede == std::vector<std::uint16_t>{3});
}

TEST_CASE_METHOD(Fixture, "an upstream that is slow is waited for 1.8 seconds, then not",
                 "[proxy][pipeline]") {
  resolve("www.example. A", www);
  world.elapse(10min);
  CHECK_FALSE(world.ask("www.example. A"));
  world.elapse(1700ms);
  CHECK(world.replies().empty());
  world.elapse(100ms);
  CHECK(world.take_reply().edns == "payload 1232 ede 3");
  world.upstream().answer(www);
  CHECK(at_once("www.example. A").edns == "payload 1232");
}

TEST_CASE_METHOD(Fixture, "an upstream that is down is not waited for, only asked",
                 "[proxy][pipeline]") {
  resolve("www.example. A", www);
  world.elapse(10min);
  world.upstream().set_down(true);
  const std::size_t before = world.upstream().sent();
  CHECK(world.ask("www.example. A")->edns == "payload 1232 ede 3");
  CHECK(world.ask("www.example. A")->edns == "payload 1232 ede 3");
  CHECK(world.upstream().sent() == before + 1);
  CHECK(world.counters().in_flight.value() == 0);
  world.upstream().set_down(false);
  world.upstream().answer({.answer = {"www.example. 300 A 192.0.2.2"}});
  CHECK(world.replies().empty());
  CHECK(at_once("www.example. A").answer == Lines{"www.example. 300 IN A 192.0.2.2"});
}

TEST_CASE_METHOD(Fixture, "an upstream's SERVFAIL does not drive out an expired answer",
                 "[proxy][pipeline]") {
  resolve("www.example. A", www);
  world.elapse(10min);
  CHECK(resolve("www.example. A", {.rcode = dns::Rcode::servfail}).edns == "payload 1232 ede 3");
}

TEST_CASE_METHOD(Fixture, "an expired answer is inspected like any other", "[proxy][pipeline]") {
  const Response cloaked{
      .answer = {"www.example. 60 CNAME t.ads.example.", "t.ads.example. 60 A 192.0.2.66"}};
  resolve("www.example. A", cloaked, bank);
  world.elapse(10min);
  world.upstream().set_down(true);
  CHECK(world.ask("www.example. A", shop)->rcode == "NXDOMAIN");
  CHECK(world.ask("www.example. A", bank)->ede == std::vector<std::uint16_t>{3});
}

TEST_CASE_METHOD(Fixture, "an answer is given up an hour behind its TTL", "[proxy][pipeline]") {
  resolve("www.example. A", www);
  world.elapse(1h + 300s);
  CHECK(fail("www.example. A", UpstreamFailure::unreachable).rcode == "SERVFAIL");
}

TEST_CASE("without stale answers a failure is a failure", "[proxy][pipeline]") {
  config::Settings settings;
  settings.cache.serve_stale = 0s;
  Fixture strict(settings);
  strict.resolve("www.example. A", www);
  strict.world.elapse(10min);
  CHECK(strict.fail("www.example. A", UpstreamFailure::unreachable).rcode == "SERVFAIL");
}

//--- size -----------------------------------------------------------------------------------------

TEST_CASE_METHOD(Fixture, "an answer that is too long for a datagram is cut, and whole on a stream",
                 "[proxy][pipeline]") {
  Response large;
  for (int i = 0; i < 60; ++i)
    large.answer.push_back("www.example. 300 A 192.0.2." + std::to_string(i));
  const MessageText first = resolve("www.example. A", large);
  CHECK(first.answer.size() == 60);  // 988 octets
  const MessageText cut = at_once("www.example. A", {.query = {}});
  CHECK(cut.flags == "qr tc rd ra");
  CHECK(cut.answer.empty());
  CHECK(at_once("www.example. A", {.transport = Transport::tcp, .query = {}}).answer.size() == 60);
}

}  // namespace sluice::proxy
