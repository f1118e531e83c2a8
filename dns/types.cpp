// SPDX-License-Identifier: Apache-2.0
#include "dns/types.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>

namespace sluice::dns {
namespace {

template <typename Enum>
struct Mnemonic {
  Enum value;
  std::string_view text;
};

constexpr std::array type_mnemonics{
    Mnemonic{Type::a, "A"},         Mnemonic{Type::ns, "NS"},
    Mnemonic{Type::md, "MD"},       Mnemonic{Type::mf, "MF"},
    Mnemonic{Type::cname, "CNAME"}, Mnemonic{Type::soa, "SOA"},
    Mnemonic{Type::mb, "MB"},       Mnemonic{Type::mg, "MG"},
    Mnemonic{Type::mr, "MR"},       Mnemonic{Type::null, "NULL"},
    Mnemonic{Type::ptr, "PTR"},     Mnemonic{Type::hinfo, "HINFO"},
    Mnemonic{Type::minfo, "MINFO"}, Mnemonic{Type::mx, "MX"},
    Mnemonic{Type::txt, "TXT"},     Mnemonic{Type::rp, "RP"},
    Mnemonic{Type::afsdb, "AFSDB"}, Mnemonic{Type::rt, "RT"},
    Mnemonic{Type::sig, "SIG"},     Mnemonic{Type::aaaa, "AAAA"},
    Mnemonic{Type::srv, "SRV"},     Mnemonic{Type::naptr, "NAPTR"},
    Mnemonic{Type::kx, "KX"},       Mnemonic{Type::dname, "DNAME"},
    Mnemonic{Type::opt, "OPT"},     Mnemonic{Type::ds, "DS"},
    Mnemonic{Type::sshfp, "SSHFP"}, Mnemonic{Type::rrsig, "RRSIG"},
    Mnemonic{Type::nsec, "NSEC"},   Mnemonic{Type::dnskey, "DNSKEY"},
    Mnemonic{Type::nsec3, "NSEC3"}, Mnemonic{Type::nsec3param, "NSEC3PARAM"},
    Mnemonic{Type::tlsa, "TLSA"},   Mnemonic{Type::svcb, "SVCB"},
    Mnemonic{Type::https, "HTTPS"}, Mnemonic{Type::tkey, "TKEY"},
    Mnemonic{Type::tsig, "TSIG"},   Mnemonic{Type::ixfr, "IXFR"},
    Mnemonic{Type::axfr, "AXFR"},   Mnemonic{Type::mailb, "MAILB"},
    Mnemonic{Type::maila, "MAILA"}, Mnemonic{Type::any, "ANY"},
    Mnemonic{Type::caa, "CAA"},
};

constexpr std::array class_mnemonics{
    Mnemonic{Class::in, "IN"},     Mnemonic{Class::ch, "CH"},   Mnemonic{Class::hs, "HS"},
    Mnemonic{Class::none, "NONE"}, Mnemonic{Class::any, "ANY"},
};

constexpr std::array rcode_mnemonics{
    Mnemonic{Rcode::noerror, "NOERROR"},   Mnemonic{Rcode::formerr, "FORMERR"},
    Mnemonic{Rcode::servfail, "SERVFAIL"}, Mnemonic{Rcode::nxdomain, "NXDOMAIN"},
    Mnemonic{Rcode::notimp, "NOTIMP"},     Mnemonic{Rcode::refused, "REFUSED"},
    Mnemonic{Rcode::badvers, "BADVERS"},
};

template <typename Enum>
std::string text_of(std::span<const Mnemonic<Enum>> table, Enum value, std::string_view prefix) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const auto& entry) { return entry.value == value; });
  if (found != table.end()) return std::string(found->text);
  return std::string(prefix) + std::to_string(static_cast<unsigned>(value));
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

template <typename Enum>
std::optional<Enum> value_of(std::span<const Mnemonic<Enum>> table, std::string_view text,
                             std::string_view prefix) {
  const std::string word = upper(text);
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const auto& entry) { return entry.text == word; });
  if (found != table.end()) return found->value;
  if (!word.starts_with(prefix)) return std::nullopt;
  std::uint16_t number = 0;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data() + prefix.size(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return static_cast<Enum>(number);
}

}  // namespace

std::string to_text(Type type) {
  return text_of<Type>(type_mnemonics, type, "TYPE");
}
std::string to_text(Class klass) {
  return text_of<Class>(class_mnemonics, klass, "CLASS");
}
std::string to_text(Rcode rcode) {
  return text_of<Rcode>(rcode_mnemonics, rcode, "RCODE");
}

std::optional<Type> type_from_text(std::string_view text) {
  return value_of<Type>(type_mnemonics, text, "TYPE");
}

std::optional<Rcode> rcode_from_text(std::string_view text) {
  return value_of<Rcode>(rcode_mnemonics, text, "RCODE");
}

}  // namespace sluice::dns
