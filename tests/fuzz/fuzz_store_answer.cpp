// SPDX-License-Identifier: Apache-2.0
// Whatever an upstream sends: what is accepted can be served behind its question, is well-formed
// to the last octet, and stored again gives the same image.
#include <memory>

#include "dns/answer.hpp"
#include "dns/text.hpp"
#include "tests/fuzz/invariant.hpp"

namespace {

using namespace sluice;

using Image = std::array<std::uint8_t, dns::max_image_size>;
using Buffer = std::array<std::uint8_t, dns::max_message_size>;

struct Scratch {
  Image image;
  Image again;
  Buffer served;
  Buffer scratch;
  Buffer anew;
};

void check_well_formed(std::span<const std::uint8_t> message) {
  dns::RecordReader records(message);
  while (const dns::Record* record = records.next())
    tests::require(!dns::to_text(message, *record).empty());
  tests::require(records.finish().has_value());
}

void check_targets(const dns::AnswerView& answer) {
  std::size_t size = 0;
  dns::for_each_name(answer.targets(), [&](dns::NameView name) {
    size += name.size();
    tests::require(dns::Name::from_text(dns::to_text(name)).has_value());
  });
  tests::require(size == answer.head().targets_size);
}

void check_served_anew(const dns::AnswerView& answer, const dns::Question& question,
                       Scratch& memory) {
  dns::MessageWriter anew(memory.anew, 0, dns::Flags::qr);
  anew.question(question);
  dns::write_answer_anew({question, answer}, {.age = 1}, memory.scratch, anew);
  if (anew.ok()) check_well_formed(anew.written());
}

void check(std::span<const std::uint8_t> message, const dns::Question& question,
           const dns::StoreOptions& options, Scratch& memory) {
  const auto size = dns::store_answer(message, question, options, memory.image);
  if (!size) return;
  const dns::AnswerView answer(std::span(memory.image).first(*size));
  check_targets(answer);

  dns::MessageWriter served(
      memory.served, 0, static_cast<std::uint16_t>(dns::Flags::qr | (answer.head().rcode & 0xf)));
  served.question(question);
  dns::write_answer(answer, {}, served);
  tests::require(served.ok());
  check_well_formed(served.written());
  check_served_anew(answer, question, memory);
  if (answer.head().rcode > 0xf) return;  // the rest of it would be in an OPT

  const auto again = dns::store_answer(served.written(), question, options, memory.again);
  tests::require(again.has_value() &&
                 dns::AnswerView(memory.again).head().answer_count == answer.head().answer_count);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto memory = std::make_unique<Scratch>();
  if (size < 1 + dns::header_size) return 0;
  const auto message = std::span(data, size).subspan(1);
  dns::Reader reader(message, dns::header_size);
  dns::Question question;
  reader.canonical_name(question.name);
  question.type = static_cast<dns::Type>(reader.u16());
  question.klass = static_cast<dns::Class>(reader.u16());
  if (!reader.ok()) return 0;
  check(message, question, {.dnssec_ok = (data[0] & 1) != 0}, *memory);
  return 0;
}
