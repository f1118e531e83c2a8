// SPDX-License-Identifier: Apache-2.0
// The registries of DNS that Sluice has to know by name, and their text. Values without a name here
// are carried as numbers and written as TYPE65399 and the like (RFC 3597 5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::dns {

/// Resource record types and QTYPEs (IANA "Resource Record (RR) TYPEs").
enum class Type : std::uint16_t {
  a = 1,
  ns = 2,
  md = 3,
  mf = 4,
  cname = 5,
  soa = 6,
  mb = 7,
  mg = 8,
  mr = 9,
  null = 10,
  ptr = 12,
  hinfo = 13,
  minfo = 14,
  mx = 15,
  txt = 16,
  rp = 17,
  afsdb = 18,
  rt = 21,
  sig = 24,
  aaaa = 28,
  srv = 33,
  naptr = 35,
  kx = 36,
  dname = 39,
  opt = 41,
  ds = 43,
  sshfp = 44,
  rrsig = 46,
  nsec = 47,
  dnskey = 48,
  nsec3 = 50,
  nsec3param = 51,
  tlsa = 52,
  svcb = 64,
  https = 65,
  tkey = 249,
  tsig = 250,
  ixfr = 251,
  axfr = 252,
  mailb = 253,
  maila = 254,
  any = 255,
  caa = 257,
};

enum class Class : std::uint16_t { in = 1, ch = 3, hs = 4, none = 254, any = 255 };

enum class Opcode : std::uint8_t {
  query = 0,
  iquery = 1,
  status = 2,
  notify = 4,
  update = 5,
  dso = 6
};

/// RCODEs, the extended ones of RFC 6891 included.
enum class Rcode : std::uint16_t {
  noerror = 0,
  formerr = 1,
  servfail = 2,
  nxdomain = 3,
  notimp = 4,
  refused = 5,
  badvers = 16,
};

/// Extended DNS Error INFO-CODEs that Sluice sends (RFC 8914 4).
enum class Ede : std::uint16_t {
  other = 0,
  forged_answer = 4,
  stale_answer = 3,
  cached_error = 13,
  not_ready = 14,
  blocked = 15,
  filtered = 17,
  prohibited = 18,
  stale_nxdomain_answer = 19,
  no_reachable_authority = 22,
  network_error = 23,
};

/// EDNS option codes that Sluice reads or writes.
enum class OptionCode : std::uint16_t {
  client_subnet = 8,    ///< RFC 7871
  cookie = 10,          ///< RFC 7873
  tcp_keepalive = 11,   ///< RFC 7828
  padding = 12,         ///< RFC 7830
  extended_error = 15,  ///< RFC 8914
};

/// "A", "HTTPS", or "TYPE65399" for a type without a name here.
std::string to_text(Type type);
/// "IN", or "CLASS42".
std::string to_text(Class klass);
/// "NOERROR", "NXDOMAIN", or "RCODE11".
std::string to_text(Rcode rcode);

/// Reads "A", "txt" or "TYPE65399"; nothing for anything else. QTYPEs such as ANY are types too.
std::optional<Type> type_from_text(std::string_view text);
/// Reads "NXDOMAIN" and the like; nothing for anything else.
std::optional<Rcode> rcode_from_text(std::string_view text);

}  // namespace sluice::dns
