// SPDX-License-Identifier: Apache-2.0
#include "dns/message.hpp"

namespace sluice::dns {
namespace {

/// RFC 2181 8: a TTL with its highest bit set is to be taken as zero.
constexpr std::uint32_t max_ttl = 0x7fffffff;

void read_question(Reader& reader, Question& question) {
  reader.canonical_name(question.name);
  question.type = static_cast<Type>(reader.u16());
  question.klass = static_cast<Class>(reader.u16());
}

Result<Edns> parse_opt(const RecordReader& records, const Record& record) {
  if (record.section != Section::additional || !record.owner.view().is_root())
    return WireError::bad_opt;
  return parse_edns({.payload_size = static_cast<std::uint16_t>(record.klass),
                     .ttl = record.ttl,
                     .options = records.rdata()});
}

Result<void> read_additional(std::span<const std::uint8_t> packet, Query& query) {
  RecordReader records(packet);
  while (const Record* record = records.next()) {
    if (record->type != Type::opt) continue;
    if (query.edns) return WireError::bad_opt;
    const auto edns = parse_opt(records, *record);
    if (!edns) return edns.error();
    query.edns = *edns;
  }
  return records.finish();
}

}  // namespace

Result<Query> parse_query(std::span<const std::uint8_t> packet) {
  Query query;
  query.header = read_header(packet);
  Reader reader(packet, header_size);
  read_question(reader, query.question);
  if (!reader.ok()) return reader.error();
  query.question_wire = packet.subspan(header_size, reader.position() - header_size);
  const bool has_records = query.header.authority_count != 0 || query.header.additional_count != 0;
  if (!has_records) {
    if (reader.remaining() != 0) return WireError::trailing_bytes;
    return query;
  }
  if (const auto result = read_additional(packet, query); result.has_error()) return result.error();
  return query;
}

RecordReader::RecordReader(std::span<const std::uint8_t> message)
    : reader_(message), header_(read_header(message)) {
  reader_.skip(header_size);
  for (std::uint16_t i = 0; i < header_.question_count && reader_.ok(); ++i) {
    reader_.skip_name();
    reader_.skip(4);
  }
  left_ = header_.answer_count;
}

bool RecordReader::take_section() {
  while (left_ == 0) {
    if (record_.section == Section::additional) return false;
    const bool in_answer = record_.section == Section::answer;
    record_.section = in_answer ? Section::authority : Section::additional;
    left_ = in_answer ? header_.authority_count : header_.additional_count;
  }
  --left_;
  return true;
}

const Record* RecordReader::next() {
  if (!reader_.ok() || !take_section()) return nullptr;
  reader_.name(record_.owner);
  record_.type = static_cast<Type>(reader_.u16());
  record_.klass = static_cast<Class>(reader_.u16());
  const std::uint32_t ttl = reader_.u32();
  // The "TTL" of OPT is flags, not a time.
  record_.ttl = ttl > max_ttl && record_.type != Type::opt ? 0 : ttl;
  record_.rdata_size = reader_.u16();
  record_.rdata_position = reader_.position();
  reader_.skip(record_.rdata_size);
  return reader_.ok() ? &record_ : nullptr;
}

Result<void> RecordReader::finish() const {
  if (!reader_.ok()) return reader_.error();
  if (reader_.remaining() != 0) return WireError::trailing_bytes;
  return boost::system::in_place_value;
}

bool is_answer_to(std::span<const std::uint8_t> message, std::span<const std::uint8_t> query) {
  if (message.size() < header_size || query.size() < header_size) return false;
  const Header header = read_header(message);
  if (!header.has(Flags::qr) || header.opcode() != read_header(query).opcode() ||
      header.question_count != 1) {
    return false;
  }
  Question asked;
  Question answered;
  Reader query_reader(query, header_size);
  Reader message_reader(message, header_size);
  read_question(query_reader, asked);
  read_question(message_reader, answered);
  return query_reader.ok() && message_reader.ok() && asked == answered;
}

}  // namespace sluice::dns
