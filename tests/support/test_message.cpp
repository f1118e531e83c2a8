// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_message.hpp"

#include <stdexcept>

#include "dns/text.hpp"
#include "tests/support/zone_text.hpp"

namespace sluice::tests {
namespace {

constexpr std::size_t max_message_size = 65535;

void put_u16(Octets& octets, std::size_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value));
}

/// Puts options behind an OPT without padding that ends the message.
void append_options(Octets& message, const std::vector<EdnsOption>& options) {
  dns::RecordReader records(message);
  std::size_t size_position = 0;
  while (const dns::Record* record = records.next())
    size_position = record->rdata_position - 2;
  if (size_position == 0) throw std::invalid_argument("EDNS options without an OPT");
  for (const EdnsOption& option : options) {
    put_u16(message, option.code);
    put_u16(message, option.data.size());
    message.insert(message.end(), option.data.begin(), option.data.end());
  }
  const std::size_t size = message.size() - size_position - 2;
  message[size_position] = static_cast<std::uint8_t>(size >> 8);
  message[size_position + 1] = static_cast<std::uint8_t>(size);
}

Octets finished(const dns::MessageWriter& writer) {
  if (!writer.ok()) throw std::invalid_argument("the message does not fit 65535 octets");
  const auto written = writer.written();
  return {written.begin(), written.end()};
}

void write_section(dns::MessageWriter& writer, dns::Section section,
                   const std::vector<std::string>& records) {
  for (const std::string& text : records)
    write_record(writer, section, parse_record(text));
}

void append_word(std::string& text, std::string_view word) {
  if (!text.empty()) text += ' ';
  text += word;
}

std::string flags_text(const dns::Header& header) {
  struct Bit {
    std::uint16_t flag;
    std::string_view text;
  };
  static constexpr std::array bits{
      Bit{dns::Flags::qr, "qr"}, Bit{dns::Flags::aa, "aa"}, Bit{dns::Flags::tc, "tc"},
      Bit{dns::Flags::rd, "rd"}, Bit{dns::Flags::ra, "ra"}, Bit{dns::Flags::ad, "ad"},
      Bit{dns::Flags::cd, "cd"},
  };
  std::string text;
  for (const Bit& bit : bits) {
    if (header.has(bit.flag)) append_word(text, bit.text);
  }
  return text;
}

std::string ede_text(std::span<const std::uint8_t> data, MessageText& result) {
  dns::Reader reader(data);
  const std::uint16_t code = reader.u16();
  const auto text = reader.octets(reader.remaining());
  result.ede.push_back(code);
  std::string described = "ede " + std::to_string(code);
  if (!text.empty()) described += " (" + std::string(text.begin(), text.end()) + ')';
  return described;
}

std::string option_text(std::uint16_t code, std::span<const std::uint8_t> data,
                        MessageText& result) {
  switch (static_cast<dns::OptionCode>(code)) {
    case dns::OptionCode::extended_error:
      return ede_text(data, result);
    case dns::OptionCode::tcp_keepalive: {
      dns::Reader reader(data);
      return data.empty() ? "keepalive" : "keepalive " + std::to_string(reader.u16());
    }
    case dns::OptionCode::padding:
      return "padding " + std::to_string(data.size());
    case dns::OptionCode::client_subnet:
    case dns::OptionCode::cookie:
      break;
  }
  return "option " + std::to_string(code) + ' ' + std::to_string(data.size());
}

void read_opt(const dns::Record& opt, std::span<const std::uint8_t> rdata, MessageText& result) {
  if (!result.edns.empty()) throw std::invalid_argument("two OPT records");
  result.edns = "payload " + std::to_string(static_cast<std::uint16_t>(opt.klass));
  if (opt.ttl >> 16 & 0xff)
    append_word(result.edns, "version " + std::to_string(opt.ttl >> 16 & 0xff));
  if (opt.ttl & 0x8000) append_word(result.edns, "do");
  dns::Reader reader(rdata);
  while (reader.ok() && reader.remaining() != 0) {
    const std::uint16_t code = reader.u16();
    append_word(result.edns, option_text(code, reader.octets(reader.u16()), result));
  }
  if (!reader.ok()) throw std::invalid_argument("malformed OPT");
}

std::vector<std::string>& section_of(MessageText& text, dns::Section section) {
  if (section == dns::Section::answer) return text.answer;
  return section == dns::Section::authority ? text.authority : text.additional;
}

std::string question_text(std::span<const std::uint8_t> message) {
  dns::Reader reader(message, dns::header_size);
  dns::Question question;
  reader.name(question.name);
  question.type = static_cast<dns::Type>(reader.u16());
  const auto klass = static_cast<dns::Class>(reader.u16());
  if (klass == dns::Class::in) return dns::to_text(question);
  return dns::to_text(question.name) + ' ' + dns::to_text(klass) + ' ' +
         dns::to_text(question.type);
}

}  // namespace

Octets make_query(std::string_view question, const QueryOptions& options) {
  std::array<std::uint8_t, 1024> buffer;
  std::uint16_t flags = 0;
  if (options.rd) flags |= dns::Flags::rd;
  if (options.cd) flags |= dns::Flags::cd;
  if (options.ad) flags |= dns::Flags::ad;
  dns::MessageWriter writer(buffer, options.id, flags);
  writer.question(parse_question(question));
  if (options.edns) writer.opt(*options.edns);
  Octets message = finished(writer);
  if (!options.options.empty()) append_options(message, options.options);
  return message;
}

Octets make_response(std::span<const std::uint8_t> query, const Response& response) {
  const auto parsed = dns::parse_query(query);
  if (!parsed) throw std::invalid_argument("the query is malformed");
  Octets buffer(max_message_size);
  const int kept = parsed->header.flags & (dns::Flags::rd | dns::Flags::cd);
  const int flags =
      dns::Flags::qr | kept | response.flags | (static_cast<int>(response.rcode) & 0xf);
  dns::MessageWriter writer(buffer, parsed->header.id, static_cast<std::uint16_t>(flags));
  writer.question(parsed->question_wire);
  write_section(writer, dns::Section::answer, response.answer);
  write_section(writer, dns::Section::authority, response.authority);
  write_section(writer, dns::Section::additional, response.additional);
  if (response.edns) {
    dns::OptOut opt = *response.edns;
    opt.rcode = response.rcode;
    writer.opt(opt);
  }
  return finished(writer);
}

MessageText read_message(std::span<const std::uint8_t> message) {
  if (message.size() < dns::header_size) throw std::invalid_argument("shorter than a header");
  const dns::Header header = dns::read_header(message);
  MessageText result;
  result.id = header.id;
  result.flags = flags_text(header);
  auto rcode = static_cast<std::uint16_t>(header.rcode());
  if (header.question_count == 1) result.question = question_text(message);
  dns::RecordReader records(message);
  while (const dns::Record* record = records.next()) {
    if (record->type == dns::Type::opt) {
      rcode = static_cast<std::uint16_t>(rcode | (record->ttl >> 24) << 4);
      read_opt(*record, records.rdata(), result);
    } else {
      section_of(result, record->section).push_back(dns::to_text(message, *record));
    }
  }
  if (records.finish().has_error()) throw std::invalid_argument("malformed message");
  result.rcode = dns::to_text(static_cast<dns::Rcode>(rcode));
  return result;
}

std::string describe(std::span<const std::uint8_t> message) {
  const MessageText text = read_message(message);
  std::string lines = "id " + std::to_string(text.id) + "\nflags " + text.flags + "\nrcode " +
                      text.rcode + "\nquestion " + text.question;
  for (const std::string& record : text.answer)
    lines += "\nanswer " + record;
  for (const std::string& record : text.authority)
    lines += "\nauthority " + record;
  for (const std::string& record : text.additional)
    lines += "\nadditional " + record;
  if (!text.edns.empty()) lines += "\nedns " + text.edns;
  return lines;
}

}  // namespace sluice::tests
