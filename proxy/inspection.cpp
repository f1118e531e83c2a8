// SPDX-License-Identifier: Apache-2.0
#include "proxy/inspection.hpp"

#include "dns/answer_addresses.hpp"

namespace sluice::proxy {
namespace {

using filters::Action;

void judge_targets(const InspectedAnswer& inspected, filters::DecisionTrail& trail,
                   Inspection& inspection) {
  const auto& [client, verdict, resolved, answer] = inspected;
  const filters::ServiceNames* services = client.service->services.get();
  dns::for_each_name(answer.targets(), [&](dns::NameView target) {
    if (services != nullptr && services->hides(target)) inspection.leads_to_hidden = true;
    if (inspection.denied) return;
    const auto on_target = client.chain->judge_target(verdict, target, resolved.type, trail);
    if (on_target.action == Action::deny) inspection.denied = on_target;
  });
}

filters::Address address_of(std::span<const std::uint8_t> octets) {
  return octets.size() == 4 ? filters::Address::v4(octets.first<4>())
                            : filters::Address::v6(octets.first<16>());
}

void judge_addresses(const InspectedAnswer& inspected, filters::DecisionTrail& trail,
                     Inspection& inspection, dns::RecordSet& left_out) {
  const auto& [client, verdict, resolved, answer] = inspected;
  dns::for_each_address(answer, [&](std::size_t record, std::span<const std::uint8_t> octets) {
    if (inspection.denied) return;
    const auto on_address =
        client.chain->judge_address({resolved.name, resolved.type, address_of(octets)}, trail);
    if (on_address.action == Action::deny) inspection.denied = on_address;
    if (on_address.action != Action::strip) return;
    if (inspection.strips == nullptr) {
      inspection.strips = on_address.rule;
      left_out.reset();
    }
    left_out.set(record);
    trail.add_once(*on_address.rule, on_address.slot);
  });
}

}  // namespace

Inspection inspect(const InspectedAnswer& inspected, filters::DecisionTrail& trail,
                   dns::RecordSet& left_out) {
  Inspection inspection;
  judge_targets(inspected, trail, inspection);
  const bool is_settled = inspection.denied || inspection.leads_to_hidden;
  if (!is_settled && inspected.client.chain->looks_at_answers())
    judge_addresses(inspected, trail, inspection, left_out);
  return inspection;
}

}  // namespace sluice::proxy
