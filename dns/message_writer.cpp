// SPDX-License-Identifier: Apache-2.0
#include "dns/message_writer.hpp"

#include "dns/rdata.hpp"

namespace sluice::dns {
namespace {

/// Offsets above this do not fit a compression pointer's 14 bits.
constexpr std::size_t max_pointer_target = 0x3fff;
constexpr std::uint16_t pointer_bits = 0xc000;
/// ANCOUNT stands at octet 6, NSCOUNT and ARCOUNT behind it (RFC 1035 4.1.1).
constexpr std::size_t answer_count_position = 6;

std::size_t count_position(Section section) {
  return answer_count_position + 2 * static_cast<std::size_t>(section);
}

std::uint16_t read_u16(std::span<const std::uint8_t> data, std::size_t position) {
  return static_cast<std::uint16_t>(data[position] << 8 | data[position + 1]);
}

std::span<const std::uint8_t> octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void write_option_head(Writer& writer, OptionCode code, std::size_t size) {
  writer.u16(static_cast<std::uint16_t>(code));
  writer.u16(static_cast<std::uint16_t>(size));
}

}  // namespace

MessageWriter::MessageWriter(std::span<std::uint8_t> buffer, std::uint16_t id, std::uint16_t flags)
    : writer_(buffer) {
  writer_.u16(id);
  writer_.u16(flags);
  for (int count = 0; count < 4; ++count)
    writer_.u16(0);
}

void MessageWriter::question(std::span<const std::uint8_t> wire) {
  remember(writer_.size());
  writer_.octets(wire);
  writer_.patch_u16(4, 1);
  question_end_ = writer_.size();
}

void MessageWriter::question(const Question& question) {
  remember(writer_.size());
  writer_.name(question.name);
  writer_.u16(static_cast<std::uint16_t>(question.type));
  writer_.u16(static_cast<std::uint16_t>(question.klass));
  writer_.patch_u16(4, 1);
  question_end_ = writer_.size();
}

void MessageWriter::record(const RecordHead& head, std::span<const std::uint8_t> rdata) {
  begin_record(head);
  writer_.octets(rdata);
  end_record();
}

void MessageWriter::record(const RecordHead& head, NameView target) {
  begin_record(head);
  name(target);
  end_record();
}

void MessageWriter::negative_soa(NameView zone, std::uint32_t ttl) {
  begin_record({.section = Section::authority, .owner = zone, .type = Type::soa, .ttl = ttl});
  name(zone);
  name(zone);
  // SERIAL, REFRESH, RETRY, EXPIRE: nobody transfers this zone. MINIMUM is what RFC 2308 5 takes.
  for (const std::uint32_t number : {1U, 3600U, 600U, 86400U, ttl})
    writer_.u32(number);
  end_record();
}

Result<void> MessageWriter::copy(const Record& record, std::span<const std::uint8_t> source) {
  begin_record({record.section, record.owner, record.type, record.klass, record.ttl});
  const RdataLayout layout = rdata_layout(record.type);
  Reader reader(source.first(record.rdata_position + record.rdata_size), record.rdata_position);
  writer_.octets(reader.octets(layout.prefix));
  for (std::uint8_t i = 0; i < layout.names; ++i) {
    Name inner;
    reader.name(inner);
    if (!reader.ok()) return WireError::bad_rdata;
    if (layout.compressible) {
      name(inner);
    } else {
      writer_.name(inner);
    }
  }
  if (!reader.ok() || (layout.rest && reader.remaining() != *layout.rest))
    return WireError::bad_rdata;
  writer_.octets(reader.octets(reader.remaining()));
  end_record();
  if (!ok()) return WireError::too_large;
  return boost::system::in_place_value;
}

void MessageWriter::opt(const OptOut& opt) {
  writer_.u8(0);
  writer_.u16(static_cast<std::uint16_t>(Type::opt));
  writer_.u16(opt.payload_size);
  const auto extended = static_cast<std::uint32_t>(opt.rcode) >> 4;
  writer_.u32(extended << 24 | (opt.dnssec_ok ? 0x8000U : 0U));
  rdata_length_position_ = writer_.size();
  writer_.u16(0);
  if (opt.error) {
    write_option_head(writer_, OptionCode::extended_error, 2 + opt.error->text.size());
    writer_.u16(static_cast<std::uint16_t>(opt.error->code));
    writer_.octets(octets_of(opt.error->text));
  }
  if (!opt.client_subnet.empty()) {
    write_option_head(writer_, OptionCode::client_subnet, opt.client_subnet.size());
    writer_.octets(opt.client_subnet);
  }
  if (opt.keepalive) {
    write_option_head(writer_, OptionCode::tcp_keepalive, 2);
    writer_.u16(*opt.keepalive);
  }
  if (opt.padding_block != 0) {
    const std::size_t unpadded = writer_.size() + 4;
    const std::size_t rest = unpadded % opt.padding_block;
    const std::size_t padding = rest == 0 ? 0 : opt.padding_block - rest;
    write_option_head(writer_, OptionCode::padding, padding);
    for (std::size_t i = 0; i < padding; ++i)
      writer_.u8(0);
  }
  end_record();
  bump(Section::additional);
}

void MessageWriter::truncate() {
  if (writer_.size() < question_end_) return;
  writer_.rewind(question_end_);
  name_count_ = question_end_ == header_size ? 0 : 1;
  set_flag(Flags::tc);
  for (const Section section : {Section::answer, Section::authority, Section::additional}) {
    writer_.patch_u16(count_position(section), 0);
  }
}

void MessageWriter::set_flag(std::uint16_t flag) {
  writer_.patch_u16(2, read_u16(writer_.written(), 2) | flag);
}

std::uint16_t MessageWriter::count(Section section) const {
  return read_u16(writer_.written(), count_position(section));
}

void MessageWriter::append(std::span<const std::uint8_t> body, std::uint16_t answers,
                           std::uint16_t authorities) {
  writer_.octets(body);
  writer_.patch_u16(count_position(Section::answer), answers);
  writer_.patch_u16(count_position(Section::authority), authorities);
}

void MessageWriter::begin_record(const RecordHead& head) {
  name(head.owner);
  writer_.u16(static_cast<std::uint16_t>(head.type));
  writer_.u16(static_cast<std::uint16_t>(head.klass));
  last_ttl_position_ = writer_.size();
  writer_.u32(head.ttl);
  rdata_length_position_ = writer_.size();
  writer_.u16(0);
  bump(head.section);
}

void MessageWriter::end_record() {
  const std::size_t size = writer_.size() - rdata_length_position_ - 2;
  writer_.patch_u16(rdata_length_position_, static_cast<std::uint16_t>(size));
}

void MessageWriter::bump(Section section) {
  if (!ok()) return;
  writer_.patch_u16(count_position(section), static_cast<std::uint16_t>(count(section) + 1));
}

void MessageWriter::name(NameView name) {
  const std::size_t start = writer_.size();
  for (; !name.is_root(); name = name.parent()) {
    if (const auto target = find(name)) {
      writer_.u16(static_cast<std::uint16_t>(pointer_bits | *target));
      if (writer_.size() - start > 2) remember(start);
      return;
    }
    writer_.u8(static_cast<std::uint8_t>(name.first_label().size()));
    writer_.octets(name.first_label());
  }
  writer_.u8(0);
  if (writer_.size() - start > 1) remember(start);
}

void MessageWriter::remember(std::size_t position) {
  if (position > max_pointer_target || name_count_ == names_.size()) return;
  names_[name_count_++] = static_cast<std::uint16_t>(position);
}

std::optional<std::uint16_t> MessageWriter::find(NameView name) {
  const auto message = writer_.written();
  for (std::size_t i = 0; i < name_count_ && comparisons_left_ != 0; ++i) {
    std::size_t at = names_[i];
    // Every label of a remembered name, up to the pointer that it may end in, starts a suffix.
    while (at <= max_pointer_target && at < message.size() && message[at] != 0 &&
           message[at] < 0xc0) {
      if (stands_at(name, at)) return static_cast<std::uint16_t>(at);
      at += message[at] + 1U;
    }
  }
  return std::nullopt;
}

// What stands in the buffer was written by us: pointers lead backwards to names that end.
bool MessageWriter::stands_at(NameView name, std::size_t position) {
  const auto message = writer_.written();
  while (comparisons_left_ != 0) {
    --comparisons_left_;
    if (position + 1 >= message.size())
      return name.is_root() && position < message.size() && message[position] == 0;
    const std::uint8_t length = message[position];
    if (length >= 0xc0) {
      position = static_cast<std::size_t>(length & 0x3f) << 8 | message[position + 1];
      continue;
    }
    if (length != name.wire()[0]) return false;
    if (length == 0) return true;
    const auto label = name.first_label();
    if (position + 1 + length > message.size() ||
        !std::equal(label.begin(), label.end(),
                    message.begin() + static_cast<std::ptrdiff_t>(position) + 1,
                    [](std::uint8_t a, std::uint8_t b) { return to_lower(a) == to_lower(b); })) {
      return false;
    }
    name = name.parent();
    position += length + 1U;
  }
  return false;
}

}  // namespace sluice::dns
