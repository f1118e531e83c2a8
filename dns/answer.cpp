// SPDX-License-Identifier: Apache-2.0
#include "dns/answer.hpp"

namespace sluice::dns {
namespace {

std::uint32_t read_u32(std::span<const std::uint8_t> data, std::size_t position) {
  Reader reader(data, position);
  return reader.u32();
}

void write_u32(std::span<std::uint8_t> data, std::size_t position, std::uint32_t value) {
  Writer writer(data.subspan(position, 4));
  writer.u32(value);
}

bool is_answer_signature(const Record& record) {
  return record.section == Section::answer && record.type == Type::rrsig;
}

}  // namespace

std::uint16_t AnswerView::ttl_position(std::size_t i) const {
  const auto positions = image_.subspan(sizeof(AnswerHead) + head_.body_size);
  return static_cast<std::uint16_t>(positions[2 * i] << 8 | positions[2 * i + 1]);
}

std::span<const std::uint8_t> AnswerView::targets() const {
  return image_.subspan(sizeof(AnswerHead) + head_.body_size + 2UL * head_.ttl_count,
                        head_.targets_size);
}

std::uint32_t aged(std::uint32_t ttl, const TtlPolicy& policy) {
  if (policy.stale_ttl != 0) return policy.stale_ttl;
  return ttl > policy.age ? ttl - policy.age : 0;
}

void write_answer(const AnswerView& answer, const TtlPolicy& ttl, MessageWriter& writer) {
  const std::size_t start = writer.size();
  writer.append(answer.body(), answer.head().answer_count, answer.head().authority_count);
  if (!writer.ok()) return;
  const auto body = writer.written().subspan(start);
  for (std::size_t i = 0; i < answer.head().ttl_count; ++i) {
    const std::uint16_t position = answer.ttl_position(i);
    write_u32(body, position, aged(read_u32(body, position), ttl));
  }
}

void write_answer_anew(const AnsweredQuestion& stored, const TtlPolicy& ttl,
                       std::span<std::uint8_t> scratch, MessageWriter& writer) {
  MessageWriter original(scratch, 0, Flags::qr);
  original.question(stored.question);
  write_answer(stored.answer, ttl, original);
  if (!original.ok()) return;
  RecordReader records(original.written());
  for (std::size_t i = 0; const Record* record = records.next(); ++i) {
    const bool is_whole = stored.left_out == nullptr;
    if (!is_whole && (stored.left_out->test(i) || is_answer_signature(*record))) continue;
    // The image was made by store_answer() and holds nothing malformed; not fitting shows in
    // writer.ok().
    static_cast<void>(writer.copy(*record, original.written()));
  }
}

}  // namespace sluice::dns
