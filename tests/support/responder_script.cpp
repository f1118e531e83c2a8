// SPDX-License-Identifier: Apache-2.0
#include "tests/support/responder_script.hpp"

#include <algorithm>

namespace sluice::tests {
namespace {

std::string canonical_text(std::string_view text) {
  auto name = dns::Name::from_text(text).value();
  name.lower();
  return dns::to_text(name);
}

/// The limit of a datagram: what the client's OPT says, 512 octets without one (RFC 6891 6.2.3).
std::size_t limit_of(const dns::Query& query, std::size_t transport_limit) {
  const std::size_t size = query.edns ? query.edns->payload_size : 512;
  return std::min(transport_limit, std::max<std::size_t>(size, 512));
}

}  // namespace

Reply ResponderScript::reply_to(std::span<const std::uint8_t> packet, std::size_t limit) {
  if (dns::check_header(packet) != dns::HeaderVerdict::accept) return {};
  const auto query = dns::parse_query(packet);
  if (!query) return {};
  const std::string name = dns::to_text(query->question.name);
  ++queries_;
  ++queries_by_name_[name];
  Reply reply = distorted(answer(*query, limit));
  if (const auto delay = delays_.find(name); delay != delays_.end()) reply.delay = delay->second;
  return reply;
}

Octets ResponderScript::answer(const dns::Query& query, std::size_t limit) {
  // Streams carry whole messages whatever the OPT says.
  const std::size_t room = limit == buffer_.size() ? limit : limit_of(query, limit);
  if (!rcode_) {
    const auto message = zone_.answer(query, std::span(buffer_).first(room));
    return {message.begin(), message.end()};
  }
  const int flags = dns::Flags::qr | dns::Flags::ra | static_cast<int>(*rcode_);
  dns::MessageWriter writer(buffer_, query.header.id, static_cast<std::uint16_t>(flags));
  writer.question(query.question_wire);
  return {writer.written().begin(), writer.written().end()};
}

Reply ResponderScript::distorted(Octets message) const {
  static const Octets garbage(40, 0xff);
  switch (misbehaviour_) {
    case Misbehaviour::none:
      break;
    case Misbehaviour::silent:
      return {};
    case Misbehaviour::close:
      return {.close = true};
    case Misbehaviour::garbage:
      return {.messages = {garbage}};
    case Misbehaviour::garbage_first:
      return {.messages = {garbage, std::move(message)}};
    case Misbehaviour::wrong_id:
      ++message[1];
      break;
    case Misbehaviour::query_back:
      message[2] &= 0x7f;
      break;
    case Misbehaviour::wrong_question: {
      dns::Reader reader(message, dns::header_size);
      reader.skip_name();
      message[reader.position() + 1] ^= 0x40;
      break;
    }
  }
  return {.messages = {std::move(message)}};
}

void ResponderScript::set_delay(const std::string& name, std::chrono::milliseconds delay) {
  delays_[canonical_text(name)] = delay;
}

std::size_t ResponderScript::queries(const std::string& name) const {
  const auto found = queries_by_name_.find(canonical_text(name));
  return found == queries_by_name_.end() ? 0 : found->second;
}

}  // namespace sluice::tests
