// SPDX-License-Identifier: Apache-2.0
#include "tests/support/toy_zone.hpp"

#include <optional>

namespace sluice::tests {
namespace {

constexpr int max_hops = 16;

std::string key_of(dns::NameView name) {
  return {name.wire().begin(), name.wire().end()};
}

std::string wildcard_key(dns::NameView zone) {
  return std::string("\1*") + key_of(zone);
}

void write_owned_by(dns::NameView owner, ZoneRecord record, dns::MessageWriter& writer) {
  record.owner = dns::Name(owner);
  write_record(writer, dns::Section::answer, record);
}

/// Writes what the node has for the question; returns its CNAME if that is what to follow instead.
struct NodeAnswer {
  bool found = false;
  std::optional<dns::Name> alias{};
};
NodeAnswer write_node(const std::vector<ZoneRecord>& node, dns::NameView owner, dns::Type type,
                      dns::MessageWriter& writer) {
  NodeAnswer result;
  for (const ZoneRecord& record : node) {
    const bool asked = record.type == type || type == dns::Type::any;
    if (!asked && record.type != dns::Type::cname) continue;
    write_owned_by(owner, record, writer);
    result.found = true;
    if (asked) continue;
    result.alias = dns::Name(dns::NameView(record.rdata));
    result.alias->lower();
  }
  return result;
}

}  // namespace

ToyZone::ToyZone(std::string_view text) {
  const auto records = parse_zone(text);
  for (const ZoneRecord& record : records) {
    if (record.type == dns::Type::soa) apexes_.push_back(record);
  }
  for (ZoneRecord& apex : apexes_)
    apex.owner.lower();
  for (const ZoneRecord& record : records)
    add(record);
}

void ToyZone::add(const ZoneRecord& record) {
  dns::Name owner = record.owner;
  owner.lower();
  nodes_[key_of(owner)].push_back(record);
  const ZoneRecord* soa = soa_above(owner);
  if (soa == nullptr) return;
  dns::NameView name = owner;
  for (; !(name == soa->owner.view()); name = name.parent())
    nodes_[key_of(name)];
}

const ZoneRecord* ToyZone::soa_above(dns::NameView name) const {
  const ZoneRecord* closest = nullptr;
  for (const ZoneRecord& apex : apexes_) {
    if (!name.is_within(apex.owner)) continue;
    if (closest == nullptr || apex.owner.size() > closest->owner.size()) closest = &apex;
  }
  return closest;
}

const ToyZone::Node* ToyZone::node_at(dns::NameView name) const {
  const auto found = nodes_.find(key_of(name));
  return found == nodes_.end() ? nullptr : &found->second;
}

const ToyZone::Node* ToyZone::find(dns::NameView name) const {
  if (const Node* node = node_at(name)) return node;
  while (!name.is_root()) {
    name = name.parent();
    const auto wildcard = nodes_.find(wildcard_key(name));
    if (wildcard != nodes_.end()) return &wildcard->second;
    // The closest encloser: wildcards above it do not apply (RFC 4592 3.3.1).
    if (node_at(name) != nullptr) return nullptr;
  }
  return nullptr;
}

dns::Rcode ToyZone::write_records(const dns::Question& question, dns::MessageWriter& writer) const {
  if (soa_above(question.name) == nullptr) return dns::Rcode::refused;
  dns::Name name = question.name;
  for (int hop = 0; hop < max_hops; ++hop) {
    const ZoneRecord* soa = soa_above(name);
    if (soa == nullptr) break;
    const Node* node = find(name);
    const NodeAnswer written =
        node == nullptr ? NodeAnswer{} : write_node(*node, name, question.type, writer);
    if (!written.found) write_record(writer, dns::Section::authority, *soa);
    if (node == nullptr) return dns::Rcode::nxdomain;
    if (!written.alias) break;
    name = *written.alias;
  }
  return dns::Rcode::noerror;
}

std::span<std::uint8_t> ToyZone::answer(const dns::Query& query,
                                        std::span<std::uint8_t> buffer) const {
  const int kept = query.header.flags & (dns::Flags::rd | dns::Flags::cd);
  const int flags = dns::Flags::qr | dns::Flags::aa | dns::Flags::ra | kept;
  dns::MessageWriter writer(buffer, query.header.id, static_cast<std::uint16_t>(flags));
  writer.question(query.question_wire);
  const dns::Rcode rcode = write_records(query.question, writer);
  const dns::OptOut opt{.dnssec_ok = query.dnssec_ok()};
  if (query.edns) writer.opt(opt);
  if (!writer.ok()) {
    writer.truncate();
    if (query.edns) writer.opt(opt);
  }
  auto& low_flags = writer.written()[3];
  low_flags = static_cast<std::uint8_t>(low_flags | static_cast<std::uint8_t>(rcode));
  return writer.written();
}

}  // namespace sluice::tests
