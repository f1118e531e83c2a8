// SPDX-License-Identifier: Apache-2.0
// Whatever a client sends and an upstream answers: who is answered gets a message of the right ID
// and size that can be read.
//
//   input = who asks and how | length of the packet (2 octets) | packet | upstream's answer
#include <algorithm>
#include <chrono>

#include "tests/fuzz/invariant.hpp"
#include "tests/support/pipeline_world.hpp"

using namespace sluice;

namespace {

constexpr const char* policies = R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSTenant
metadata: {name: shop}
spec:
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}
  delegation: {allowedActions: [Allow, Deny, Audit, Rewrite, Strip]}
  serviceVisibility: Tenant
  resolution: {clientSubnet: Forward}
---
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec:
  rules:
  - {name: private, action: Strip, answerSets: [SpecialPurpose]}
  - {name: generated, action: Deny, patterns: ['[a-z]{20,}\.example']}
  - {name: moved, action: Rewrite, domains: [".moved.example"], rewrite: {canonicalName: new.example}}
  - {name: fixed, action: Rewrite, domains: [".fixed.example"], rewrite: {addresses: [192.0.2.1]}}
  - {name: watched, action: Audit, domains: ["*"]}
  - {name: ads, action: Deny, domains: [".ads.example"]}
  - name: sink
    action: Deny
    domains: [".sink.example"]
    response: {type: Sinkhole, sinkhole: {ipv4Address: 192.0.2.9}}
---
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: strict, namespace: bank}
spec:
  rules: [{name: all, action: Allow, domains: [".example"]}]
  defaultAction: Deny
)";

tests::PipelineWorld& world() {
  static tests::PipelineWorld instance(
      {.clients = {{.namespace_name = "shop", .cidrs = {"10.0.1.0/24"}},
                   {.namespace_name = "bank", .cidrs = {"10.0.2.0/24"}}},
       .manifests = policies});
  return instance;
}

/// Takes octets off the front of an input; nothing is left at its end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  std::uint8_t octet() {
    const auto taken = octets(1);
    return taken.empty() ? std::uint8_t{0} : taken[0];
  }
  std::span<const std::uint8_t> octets(std::size_t size) {
    const auto taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  std::span<const std::uint8_t> rest() { return octets(rest_.size()); }

 private:
  std::span<const std::uint8_t> rest_;
};

proxy::Origin origin_of(std::uint8_t choice) {
  constexpr std::array clients{"10.0.1.5", "10.0.2.5", "10.9.9.9", "10.0.1.5"};
  constexpr std::array transports{proxy::Transport::udp, proxy::Transport::tcp,
                                  proxy::Transport::tls, proxy::Transport::udp};
  return tests::PipelineWorld::origin(clients.at(choice & 3), transports.at(choice >> 2 & 3));
}

/// What an upstream lets through is an answer to the question; the rest is the input's.
tests::Octets answer_to(const tests::Octets& query, std::span<const std::uint8_t> input) {
  tests::Octets answer = tests::make_response(query);
  Input from(input.data(), input.size());
  answer[2] = static_cast<std::uint8_t>(0x80 | (from.octet() & 0x07));
  answer[3] = from.octet();
  for (const std::size_t count : {7U, 9U, 11U})
    answer[count] = from.octet();
  const auto records = from.rest();
  answer.insert(answer.end(), records.begin(), records.end());
  return answer;
}

std::size_t size_limit(std::span<const std::uint8_t> packet, proxy::Transport transport) {
  if (transport != proxy::Transport::udp) return 65535;
  const auto query = dns::parse_query(packet);
  return query && query->edns ? 1232 : 512;
}

void check(std::span<const std::uint8_t> packet, const tests::Octets& answer,
           proxy::Transport transport) {
  tests::require(answer.size() >= dns::header_size);
  tests::require(answer.size() <= size_limit(packet, transport));
  tests::require(std::equal(answer.begin(), answer.begin() + 2, packet.begin()));
  tests::require((answer[2] & 0x80) != 0);
  tests::read_message(answer);  // throws when it is malformed
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const proxy::Origin origin = origin_of(input.octet());
  const std::size_t high = input.octet();
  const auto packet = input.octets(high << 8 | input.octet());
  if (const auto answer = world().send(packet, origin)) check(packet, *answer, origin.transport);
  if (world().upstream().has_pending()) {
    const tests::Octets response = answer_to(world().upstream().oldest(), input.rest());
    world().upstream().answer(response);
    tests::require(world().replies().size() == 1);
    check(packet, world().replies().front().message, origin.transport);
    world().replies().clear();
    // Now from the cache, if it was worth keeping, or as a failure of a moment ago.
    if (const auto again = world().send(packet, origin)) check(packet, *again, origin.transport);
    if (world().upstream().has_pending()) world().upstream().answer(response);
    world().replies().clear();
  }
  world().clock().advance(std::chrono::hours(48));  // nothing is left for the next input
  return 0;
}
