// SPDX-License-Identifier: Apache-2.0
// Whatever a client sends: header check, then parse; what is accepted can be answered.
#include "dns/message_writer.hpp"
#include "dns/text.hpp"
#include "tests/fuzz/invariant.hpp"

using namespace sluice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span packet(data, size);
  if (dns::check_header(packet) != dns::HeaderVerdict::accept) return 0;
  const auto query = dns::parse_query(packet);
  if (!query) return 0;
  tests::require(query->question_wire.size() == query->question.name.size() + 4);
  tests::require(!dns::to_text(query->question).empty());

  std::array<std::uint8_t, 512> buffer;
  dns::MessageWriter answer(buffer, query->header.id, dns::Flags::qr);
  answer.question(query->question_wire);
  answer.negative_soa(query->question.name, 5);
  answer.opt({.dnssec_ok = query->dnssec_ok()});
  tests::require(answer.ok());
  tests::require(dns::is_answer_to(answer.written(), packet));
  dns::RecordReader records(answer.written());
  while (records.next() != nullptr) {
  }
  tests::require(records.finish().has_value());
  return 0;
}
