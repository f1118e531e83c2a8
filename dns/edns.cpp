// SPDX-License-Identifier: Apache-2.0
#include "dns/edns.hpp"

#include "dns/reader.hpp"

namespace sluice::dns {
namespace {

constexpr std::uint32_t do_bit = 0x8000;

void read_extended_error(std::span<const std::uint8_t> data, Edns& edns) {
  if (data.size() < 2 || edns.error) return;
  Reader reader(data);
  const auto code = static_cast<Ede>(reader.u16());
  const auto text = reader.octets(reader.remaining());
  edns.error = {code, {reinterpret_cast<const char*>(text.data()), text.size()}};
}

void read_option(OptionCode code, std::span<const std::uint8_t> data, Edns& edns) {
  switch (code) {
    case OptionCode::padding:
      edns.wants_padding = true;
      return;
    case OptionCode::tcp_keepalive:
      edns.wants_keepalive = true;
      return;
    case OptionCode::cookie:
      if (edns.cookie.empty()) edns.cookie = data;
      return;
    case OptionCode::client_subnet:
      if (edns.client_subnet.empty()) edns.client_subnet = data;
      return;
    case OptionCode::extended_error:
      return read_extended_error(data, edns);
  }
}

}  // namespace

Result<Edns> parse_edns(const OptRecord& opt) {
  Edns edns;
  edns.payload_size = opt.payload_size;
  edns.extended_rcode = static_cast<std::uint8_t>(opt.ttl >> 24);
  edns.dnssec_ok = (opt.ttl & do_bit) != 0;
  if ((opt.ttl >> 16 & 0xff) != 0) return WireError::bad_version;
  Reader reader(opt.options);
  while (reader.remaining() != 0) {
    const auto code = static_cast<OptionCode>(reader.u16());
    const auto data = reader.octets(reader.u16());
    if (!reader.ok()) return WireError::bad_opt;
    read_option(code, data, edns);
  }
  return edns;
}

}  // namespace sluice::dns
