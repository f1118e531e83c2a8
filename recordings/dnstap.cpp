// SPDX-License-Identifier: Apache-2.0
#include "recordings/dnstap.hpp"

#include <memory>

#include <dnstap.pb-c.h>

#include "dns/header.hpp"
#include "dns/reader.hpp"

namespace sluice::recordings {
namespace {

struct Unpacked {
  void operator()(Dnstap__Dnstap* frame) const { dnstap__dnstap__free_unpacked(frame, nullptr); }
};
using Frame = std::unique_ptr<Dnstap__Dnstap, Unpacked>;

std::span<const std::uint8_t> octets(const ProtobufCBinaryData& data) {
  return {data.data, data.len};
}

std::optional<filters::Address> address_of(std::span<const std::uint8_t> address) {
  if (address.size() == 4) return filters::Address::v4(address.first<4>());
  if (address.size() == 16) return filters::Address::v6(address.first<16>());
  return std::nullopt;
}

/// The first question of a message. Whatever stands behind it is nobody's business here: recorded
/// messages may be cut.
bool read_question(std::span<const std::uint8_t> message, RecordedQuery& query) {
  if (message.size() < dns::header_size || dns::read_header(message).question_count == 0) {
    return false;
  }
  dns::Reader reader(message, dns::header_size);
  reader.canonical_name(query.name);
  query.type = static_cast<dns::Type>(reader.u16());
  return reader.ok();
}

}  // namespace

RecordKind DnstapDecoder::decode(std::span<const std::uint8_t> frame, RecordedQuery& query) {
  const Frame dnstap(dnstap__dnstap__unpack(nullptr, frame.size(), frame.data()));
  if (!dnstap) return RecordKind::bad;
  if (dnstap->message == nullptr) return RecordKind::other;
  const Dnstap__Message& message = *dnstap->message;
  const bool is_question = message.type == DNSTAP__MESSAGE__TYPE__CLIENT_QUERY;
  const bool is_answer = message.type == DNSTAP__MESSAGE__TYPE__CLIENT_RESPONSE;
  if (!is_question && (!is_answer || has_questions_)) return RecordKind::other;
  has_questions_ = has_questions_ || is_question;

  const auto packet = octets(is_question ? message.query_message : message.response_message);
  if (!read_question(packet, query)) return RecordKind::bad;
  query.client = {.namespace_name = {}, .address = address_of(octets(message.query_address))};
  query.verdict.reset();
  query.rcode.reset();
  if (is_answer) query.rcode = dns::read_header(packet).rcode();
  return RecordKind::query;
}

}  // namespace sluice::recordings
