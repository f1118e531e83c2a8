// SPDX-License-Identifier: Apache-2.0
#include "dns/header.hpp"

#include "dns/reader.hpp"

namespace sluice::dns {
namespace {

/// OPT and TSIG or SIG(0): nothing else belongs behind a question.
constexpr std::uint16_t max_additional_records = 2;

}  // namespace

Header read_header(std::span<const std::uint8_t> message) {
  Reader reader(message);
  Header header;
  header.id = reader.u16();
  header.flags = reader.u16();
  header.question_count = reader.u16();
  header.answer_count = reader.u16();
  header.authority_count = reader.u16();
  header.additional_count = reader.u16();
  return header;
}

HeaderVerdict check_header(std::span<const std::uint8_t> message) {
  if (message.size() < header_size) return HeaderVerdict::drop_short;
  const Header header = read_header(message);
  if (header.has(Flags::qr)) return HeaderVerdict::drop_response;
  if (header.opcode() != Opcode::query) return HeaderVerdict::bad_opcode;
  if (header.question_count != 1) return HeaderVerdict::bad_question_count;
  if (header.answer_count != 0 || header.authority_count > 1 ||
      header.additional_count > max_additional_records) {
    return HeaderVerdict::bad_record_counts;
  }
  return HeaderVerdict::accept;
}

Rcode rcode_for(WireError error) {
  return error == WireError::bad_version ? Rcode::badvers : Rcode::formerr;
}

}  // namespace sluice::dns
