// SPDX-License-Identifier: Apache-2.0
#include "dns/rdata.hpp"

namespace sluice::dns {
namespace {

constexpr std::uint16_t key_ipv4_hint = 4;
constexpr std::uint16_t key_ipv6_hint = 6;

/// A reader that sees the message up to the end of the record's RDATA and starts at its first
/// octet.
Reader rdata_reader(std::span<const std::uint8_t> message, const Record& record) {
  return Reader(message.first(record.rdata_position + record.rdata_size), record.rdata_position);
}

}  // namespace

RdataLayout rdata_layout(Type type) {
  switch (type) {
    case Type::a:
      return {.rest = 4};
    case Type::aaaa:
      return {.rest = 16};
    case Type::ns:
    case Type::md:
    case Type::mf:
    case Type::cname:
    case Type::mb:
    case Type::mg:
    case Type::mr:
    case Type::ptr:
      return {.names = 1, .compressible = true, .rest = 0};
    case Type::soa:
      return {.names = 2, .compressible = true, .rest = 20};
    case Type::minfo:
      return {.names = 2, .compressible = true, .rest = 0};
    case Type::mx:
      return {.prefix = 2, .names = 1, .compressible = true, .rest = 0};
    case Type::rp:
      return {.names = 2, .rest = 0};
    case Type::afsdb:
    case Type::rt:
    case Type::kx:
      return {.prefix = 2, .names = 1, .rest = 0};
    case Type::srv:
      return {.prefix = 6, .names = 1, .rest = 0};
    case Type::dname:
      return {.names = 1, .rest = 0};
    default:
      return {};
  }
}

Result<Name> target_of(std::span<const std::uint8_t> message, const Record& record) {
  Reader reader = rdata_reader(message, record);
  Name target;
  reader.canonical_name(target);
  if (!reader.ok()) return reader.error();
  if (reader.remaining() != 0) return WireError::bad_rdata;
  return target;
}

Result<std::uint32_t> soa_minimum(std::span<const std::uint8_t> message, const Record& record) {
  Reader reader = rdata_reader(message, record);
  reader.skip_name();
  reader.skip_name();
  reader.skip(16);
  const std::uint32_t minimum = reader.u32();
  if (!reader.ok()) return reader.error();
  return minimum;
}

Result<ServiceBinding> parse_service_binding(std::span<const std::uint8_t> rdata) {
  Reader reader(rdata);
  ServiceBinding binding;
  binding.priority = reader.u16();
  reader.name(binding.target);
  std::optional<std::uint16_t> last_key;
  while (reader.ok() && reader.remaining() != 0) {
    const std::uint16_t key = reader.u16();
    const auto value = reader.octets(reader.u16());
    // RFC 9460 2.2: keys in strictly increasing order, or the record is malformed.
    if (last_key && key <= *last_key) return WireError::bad_rdata;
    last_key = key;
    if (key == key_ipv4_hint) binding.ipv4_hint = value;
    if (key == key_ipv6_hint) binding.ipv6_hint = value;
  }
  if (!reader.ok()) return reader.error();
  if (binding.ipv4_hint.size() % 4 != 0 || binding.ipv6_hint.size() % 16 != 0) {
    return WireError::bad_rdata;
  }
  return binding;
}

}  // namespace sluice::dns
