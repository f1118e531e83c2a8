// SPDX-License-Identifier: Apache-2.0
#include "dns/text.hpp"

#include <arpa/inet.h>

#include "dns/rdata.hpp"

namespace sluice::dns {
namespace {

std::string number(std::uint32_t value) {
  return std::to_string(value) + ' ';
}

/// inet_ntop() is pure: it only formats octets.
std::string address(int family, std::span<const std::uint8_t> octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family, octets.data(), text.data(), text.size());
  return text.data();
}

std::string hex(std::span<const std::uint8_t> octets) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += digits[octet >> 4];
    text += digits[octet & 0xf];
  }
  return text;
}

std::string generic(std::span<const std::uint8_t> octets) {
  const std::string size = R"(\# )" + std::to_string(octets.size());
  return octets.empty() ? size : size + ' ' + hex(octets);
}

std::string quoted(std::span<const std::uint8_t> octets) {
  std::string text = "\"";
  for (const std::uint8_t octet : octets) {
    if (octet == '"' || octet == '\\') text += '\\';
    if (octet >= ' ' && octet < 0x7f) {
      text += static_cast<char>(octet);
    } else {
      text += '\\';
      for (const int power : {100, 10, 1})
        text += static_cast<char>('0' + octet / power % 10);
    }
  }
  return text + '"';
}

std::string name_text(Reader& reader) {
  Name name;
  reader.name(name);
  return to_text(name);
}

std::string strings(Reader& reader) {
  std::string text;
  while (reader.ok() && reader.remaining() != 0) {
    if (!text.empty()) text += ' ';
    text += quoted(reader.octets(reader.u8()));
  }
  return text;
}

std::string soa(Reader& reader) {
  std::string text = name_text(reader) + ' ';
  text += name_text(reader);
  for (int i = 0; i < 5; ++i)
    text += ' ' + std::to_string(reader.u32());
  return text;
}

std::string hints(int family, std::span<const std::uint8_t> octets) {
  const std::size_t size = family == AF_INET ? 4 : 16;
  std::string text;
  for (; !octets.empty(); octets = octets.subspan(size)) {
    if (!text.empty()) text += ',';
    text += address(family, octets.first(size));
  }
  return text;
}

std::string service_binding(std::span<const std::uint8_t> message, const Record& record) {
  const auto rdata = message.subspan(record.rdata_position, record.rdata_size);
  const auto binding = parse_service_binding(rdata);
  if (!binding) return generic(rdata);
  std::string text = number(binding->priority) + to_text(binding->target);
  if (!binding->ipv4_hint.empty()) text += " ipv4hint=" + hints(AF_INET, binding->ipv4_hint);
  if (!binding->ipv6_hint.empty()) text += " ipv6hint=" + hints(AF_INET6, binding->ipv6_hint);
  return text;
}

/// The types whose text is their numbers and names in order; empty for the others.
std::string fields(Type type, Reader& reader) {
  switch (type) {
    case Type::cname:
    case Type::ns:
    case Type::ptr:
    case Type::dname:
      return name_text(reader);
    case Type::mx: {
      const std::string preference = number(reader.u16());
      return preference + name_text(reader);
    }
    case Type::srv: {
      std::string text = number(reader.u16());
      text += number(reader.u16());
      text += number(reader.u16());
      return text + name_text(reader);
    }
    case Type::soa:
      return soa(reader);
    case Type::txt:
      return strings(reader);
    default:
      return {};
  }
}

}  // namespace

std::string rdata_to_text(std::span<const std::uint8_t> message, const Record& record) {
  const auto rdata = message.subspan(record.rdata_position, record.rdata_size);
  if (record.type == Type::a && rdata.size() == 4) return address(AF_INET, rdata);
  if (record.type == Type::aaaa && rdata.size() == 16) return address(AF_INET6, rdata);
  if (record.type == Type::svcb || record.type == Type::https) {
    return service_binding(message, record);
  }
  Reader reader(message.first(record.rdata_position + record.rdata_size), record.rdata_position);
  const std::string text = fields(record.type, reader);
  return text.empty() || !reader.ok() || reader.remaining() != 0 ? generic(rdata) : text;
}

std::string to_text(std::span<const std::uint8_t> message, const Record& record) {
  return to_text(record.owner) + ' ' + std::to_string(record.ttl) + ' ' + to_text(record.klass) +
         ' ' + to_text(record.type) + ' ' + rdata_to_text(message, record);
}

std::string to_text(const Question& question) {
  return to_text(question.name) + ' ' + to_text(question.type);
}

}  // namespace sluice::dns
