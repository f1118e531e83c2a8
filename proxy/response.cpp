// SPDX-License-Identifier: Apache-2.0
#include "proxy/response.hpp"

#include <algorithm>

namespace sluice::proxy {
namespace {

using dns::Flags;
using dns::Rcode;
using dns::Section;
using dns::Type;

/// Without EDNS a client takes 512 octets over UDP (RFC 1035 4.2.1); less than that nobody may ask
/// for (RFC 6891 6.2.5).
constexpr std::uint16_t min_udp_payload = 512;
/// Responses on encrypted transports are padded to multiples of this (RFC 8467 4.1).
constexpr std::uint16_t padding_block = 468;
/// What the length field of TCP can say (RFC 1035 4.2.2).
constexpr std::size_t max_message_size = 65535;

std::uint16_t low_bits(Rcode rcode) {
  return static_cast<std::uint16_t>(rcode) & 0xf;
}

std::size_t size_limit(const dns::Query& query, Transport transport,
                       std::uint16_t max_udp_payload) {
  if (transport != Transport::udp) return max_message_size;
  if (!query.edns) return min_udp_payload;
  return std::clamp(query.edns->payload_size, min_udp_payload, max_udp_payload);
}

/// RFC 8914 4.4 and 4.20.
std::optional<dns::ExtendedError> stale_error(const dns::AnswerView& answer,
                                              const dns::TtlPolicy& ttl) {
  if (ttl.stale_ttl == 0) return std::nullopt;
  const bool missing = answer.rcode() == Rcode::nxdomain;
  return dns::ExtendedError{
      .code = missing ? dns::Ede::stale_nxdomain_answer : dns::Ede::stale_answer, .text = {}};
}

dns::ExtendedError extended_error(const filters::CompiledRule& rule) {
  return {.code = rule.ede, .text = rule.ede_text};
}

}  // namespace

std::size_t write_header_response(std::span<const std::uint8_t> packet, Rcode rcode,
                                  std::span<std::uint8_t> out) {
  const dns::Header header = dns::read_header(packet);
  constexpr std::uint16_t opcode_bits = 0x7800;
  const auto flags = static_cast<std::uint16_t>(
      Flags::qr | (header.flags & (opcode_bits | Flags::rd)) | low_bits(rcode));
  dns::MessageWriter writer(out, header.id, flags);
  if (rcode == Rcode::badvers) {
    dns::OptOut opt;
    opt.rcode = rcode;
    writer.opt(opt);
  }
  return writer.size();
}

Response::Response(const dns::Query& query, Transport transport, const ResponseLimits& limits,
                   std::span<std::uint8_t> out)
    : query_(query),
      transport_(transport),
      limits_(limits),
      out_(out.first(std::min(out.size(), size_limit(query, transport, limits.max_udp_payload)))) {}

std::size_t Response::error(Rcode rcode, std::optional<dns::ExtendedError> error) const {
  dns::MessageWriter writer = begin(rcode);
  return finish(writer, rcode, error);
}

std::size_t Response::denial(const filters::Verdict& verdict) const {
  const filters::Response response = verdict.response();
  using filters::ResponseType;
  Rcode rcode = Rcode::noerror;
  if (response.type == ResponseType::nxdomain) rcode = Rcode::nxdomain;
  if (response.type == ResponseType::refused) rcode = Rcode::refused;
  dns::MessageWriter writer = begin(rcode);
  const auto& sinkhole =
      query_.question.type == Type::a ? response.sinkhole_ipv4 : response.sinkhole_ipv6;
  const bool asks_address = query_.question.type == Type::a || query_.question.type == Type::aaaa;
  if (response.type == ResponseType::sinkhole && asks_address && sinkhole) {
    address_record(writer, *sinkhole, response.ttl_seconds);
  } else if (response.type != ResponseType::refused) {
    writer.negative_soa(query_.question.name, response.ttl_seconds);
  }
  return finish(writer, rcode, extended_error(*verdict.rule));
}

std::size_t Response::addresses(const filters::Verdict& verdict) const {
  const filters::Rewrite& rewrite = *verdict.rewrite();
  dns::MessageWriter writer = begin(Rcode::noerror);
  const Type type = query_.question.type;
  for (const filters::Address& address : rewrite.addresses) {
    if (type == (address.is_v4() ? Type::a : Type::aaaa)) {
      address_record(writer, address, rewrite.ttl_seconds);
    }
  }
  if (writer.count(Section::answer) == 0) {
    writer.negative_soa(query_.question.name, rewrite.ttl_seconds);
  }
  return finish(
      writer, Rcode::noerror,
      dns::ExtendedError{.code = dns::Ede::forged_answer, .text = verdict.rule->ede_text});
}

std::size_t Response::stored(const dns::AnswerView& answer, const dns::TtlPolicy& ttl) const {
  dns::MessageWriter writer = begin(answer.rcode());
  // RFC 6840 5.7, 5.8: only to those who ask for it.
  const bool understands_ad = query_.header.has(Flags::ad) || query_.dnssec_ok();
  if (answer.head().authentic != 0 && understands_ad) writer.set_flag(Flags::ad);
  dns::write_answer(answer, ttl, writer);
  return finish(writer, answer.rcode(), stale_error(answer, ttl));
}

std::size_t Response::retold(const dns::AnsweredQuestion& stored, const dns::TtlPolicy& ttl,
                             const Retelling& how) const {
  dns::MessageWriter writer = begin(stored.answer.rcode());
  if (how.rewrite != nullptr) {
    writer.record(
        {.owner = query_.question.name, .type = Type::cname, .ttl = how.rewrite->ttl_seconds},
        *how.rewrite->canonical_name);
  }
  dns::write_answer_anew(stored, ttl, how.scratch, writer);
  const bool lost_all = stored.left_out != nullptr && writer.count(Section::answer) == 0;
  if (lost_all) writer.negative_soa(query_.question.name, aged(stored.answer.head().ttl, ttl));
  const auto stale = stale_error(stored.answer, ttl);
  return finish(writer, stored.answer.rcode(), stale ? stale : how.error);
}

std::size_t Response::missing() const {
  constexpr std::uint32_t ttl = 30;
  dns::MessageWriter writer = begin(Rcode::nxdomain);
  writer.negative_soa(query_.question.name, ttl);
  return finish(writer, Rcode::nxdomain, std::nullopt);
}

std::size_t Response::minimal_any() const {
  static constexpr std::array<std::uint8_t, 9> hinfo{7, 'R', 'F', 'C', '8', '4', '8', '2', 0};
  constexpr std::uint32_t ttl = 3600;
  dns::MessageWriter writer = begin(Rcode::noerror);
  writer.record({.owner = query_.question.name, .type = Type::hinfo, .ttl = ttl}, hinfo);
  return finish(writer, Rcode::noerror, std::nullopt);
}

dns::MessageWriter Response::begin(Rcode rcode) const {
  std::uint16_t flags = Flags::qr | Flags::ra | low_bits(rcode);
  flags |= query_.header.flags & (Flags::rd | Flags::cd);
  dns::MessageWriter writer(out_, query_.header.id, flags);
  writer.question(query_.question_wire);
  return writer;
}

std::size_t Response::finish(dns::MessageWriter& writer, Rcode rcode,
                             std::optional<dns::ExtendedError> error) const {
  // OPT with an error and keepalive, before the text: that one is worth less than any record.
  constexpr std::size_t opt_size = 11 + 6 + 6;
  if (error && writer.size() + opt_size + error->text.size() > out_.size()) error->text = {};
  if (query_.edns) write_opt(writer, rcode, error);
  if (writer.ok()) return writer.size();
  writer.truncate();
  if (query_.edns) write_opt(writer, rcode, std::nullopt);
  return writer.size();
}

void Response::write_opt(dns::MessageWriter& writer, Rcode rcode,
                         const std::optional<dns::ExtendedError>& error) const {
  dns::OptOut opt;
  opt.payload_size = limits_.max_udp_payload;
  opt.rcode = rcode;
  opt.dnssec_ok = query_.edns->dnssec_ok;
  opt.error = error;
  // Streams of HTTP have their own means to stay open (RFC 7828 is of TCP, and so of DoT).
  if ((transport_ == Transport::tcp || transport_ == Transport::tls) &&
      query_.edns->wants_keepalive)
    opt.keepalive = limits_.keepalive;
  if (is_encrypted(transport_) && query_.edns->wants_padding) opt.padding_block = padding_block;
  writer.opt(opt);
}

void Response::address_record(dns::MessageWriter& writer, const filters::Address& address,
                              std::uint32_t ttl) const {
  const dns::MessageWriter::RecordHead head{
      .owner = query_.question.name, .type = query_.question.type, .ttl = ttl};
  if (address.is_v4()) {
    writer.record(head, address.v4_octets());
  } else {
    writer.record(head, address.octets());
  }
}

}  // namespace sluice::proxy
