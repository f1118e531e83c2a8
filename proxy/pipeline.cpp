// SPDX-License-Identifier: Apache-2.0
#include "proxy/pipeline.hpp"

namespace sluice::proxy {
namespace {

using dns::Rcode;
using dns::Type;
using filters::Action;

/// RFC 8767 5: how long a client waits before a stale answer is better than none.
constexpr std::chrono::milliseconds stale_answer_after{1800};
/// RFC 8467 4.1: queries on encrypted transports are padded to multiples of this.
constexpr std::uint16_t query_padding_block = 128;
/// DNS flag day 2020: larger UDP answers are likely to be fragmented.
constexpr std::uint16_t upstream_payload_size = 1232;

/// QTYPEs 128 to 255 are questions to a server, not about a name (RFC 6895 3.1); of these only ANY
/// is served.
bool is_meta_type(Type type) {
  const auto value = static_cast<std::uint16_t>(type);
  return value == 0 || type == Type::opt || (value >= 128 && value < 255);
}

}  // namespace

Pipeline::Pipeline(const PipelineOptions& options, const Parts& parts)
    : options_(options), parts_(parts), clients_(std::make_shared<filters::ClientMap>()) {}

//--- accept and identify ----------------------------------------------------------------------

Pipeline::Handled Pipeline::handle(std::span<const std::uint8_t> packet, const Origin& origin,
                                   TimePoint now, std::span<std::uint8_t> out) {
  using dns::HeaderVerdict;
  if (origin.port == 0) return drop(DropReason::source_port);
  switch (dns::check_header(packet)) {
    case HeaderVerdict::accept:
      break;
    case HeaderVerdict::drop_short:
      return drop(DropReason::too_short);
    case HeaderVerdict::drop_response:
      return drop(DropReason::not_a_query);
    case HeaderVerdict::bad_opcode:
      return {reject(packet, RejectReason::opcode, Rcode::notimp, out)};
    case HeaderVerdict::bad_question_count:
      return {reject(packet, RejectReason::question_count, Rcode::formerr, out)};
    case HeaderVerdict::bad_record_counts:
      return {reject(packet, RejectReason::malformed, Rcode::formerr, out)};
  }
  const auto query = dns::parse_query(packet);
  if (!query) {
    const bool version = query.error() == dns::WireError::bad_version;
    const auto reason = version ? RejectReason::version : RejectReason::malformed;
    return {reject(packet, reason, dns::rcode_for(query.error()), out)};
  }
  const std::size_t size = identify(*query, origin, now, out);
  return {size, size == 0};
}

Pipeline::Handled Pipeline::drop(DropReason reason) {
  parts_.counters.dropped[static_cast<std::size_t>(reason)].add();
  return {};
}

std::size_t Pipeline::reject(std::span<const std::uint8_t> packet, RejectReason reason, Rcode rcode,
                             std::span<std::uint8_t> out) {
  parts_.counters.rejected[static_cast<std::size_t>(reason)].add();
  return write_header_response(packet, rcode, out);
}

std::size_t Pipeline::identify(const dns::Query& query, const Origin& origin, TimePoint now,
                               std::span<std::uint8_t> out) {
  if (query.question.klass != dns::Class::in) {
    return refuse_question(query, origin, RejectReason::class_, out);
  }
  if (is_meta_type(query.question.type)) {
    return refuse_question(query, origin, RejectReason::type, out);
  }
  const filters::Client* client = clients_->find(origin.address, origin.listener);
  if (client == nullptr) return refuse_stranger(query, origin, out);
  return resolve({query, origin, *client, now, now, out});
}

std::size_t Pipeline::refuse_question(const dns::Query& query, const Origin& origin,
                                      RejectReason reason, std::span<std::uint8_t> out) {
  parts_.counters.rejected[static_cast<std::size_t>(reason)].add();
  return Response(query, origin.transport, options_.response, out)
      .error(Rcode::refused, std::nullopt);
}

std::size_t Pipeline::refuse_stranger(const dns::Query& query, const Origin& origin,
                                      std::span<std::uint8_t> out) {
  parts_.counters.rejected[static_cast<std::size_t>(RejectReason::unknown_client)].add();
  TenantCounters& counters = parts_.counters.tenants.at(unknown_tenant);
  counters.requests[static_cast<std::size_t>(origin.transport)].add();
  const auto source = static_cast<std::size_t>(AnswerSource::policy);
  counters.responses[source][static_cast<std::size_t>(Rcode::refused)].add();
  return Response(query, origin.transport, options_.response, out)
      .error(Rcode::refused, dns::ExtendedError{dns::Ede::prohibited, "unknown client"});
}

//--- judge, cache, forward --------------------------------------------------------------------

std::size_t Pipeline::resolve(const Asked& asked) {
  const filters::Verdict verdict = judge(asked);
  if (const auto size = answer_by_policy(asked, verdict)) return *size;
  const CacheKey key = key_for(asked, verdict);
  const auto hit = parts_.cache.find(key, asked.now);
  if (hit && !hit->stale) {
    parts_.counters.cache.hits.add();
    return answer_hit(asked, verdict, *hit);
  }
  const std::uint64_t key_hash = hash_of(key, options_.hash_seed);
  if (hit && should_serve_stale(key_hash, asked.now)) {
    refresh(key, key_hash, asked.now);
    return answer_hit(asked, verdict, *hit);
  }
  parts_.counters.cache.misses.add();
  return forward(asked, verdict, key, hit.has_value());
}

filters::Verdict Pipeline::judge(const Asked& asked) {
  trail_.clear();
  return asked.client.chain->judge(asked.query.question.name, asked.query.question.type, trail_);
}

/// The answer, if policy alone gives it: Deny, addresses of a Rewrite, or a Rewrite to a name that
/// is denied itself.
std::optional<std::size_t> Pipeline::answer_by_policy(const Asked& asked,
                                                      const filters::Verdict& verdict) {
  const Type type = asked.query.question.type;
  if (verdict.action == Action::deny) return deny(asked, verdict);
  if (verdict.action == Action::rewrite && !verdict.rule->rewrite.canonical_name) {
    const std::size_t size = asked.response(options_.response).addresses(*verdict.rule);
    record(asked, verdict, AnswerSource::policy);
    return size;
  }
  if (type == Type::any) {
    const std::size_t size = asked.response(options_.response).minimal_any();
    record(asked, verdict, AnswerSource::policy);
    return size;
  }
  if (verdict.action != Action::rewrite) return std::nullopt;
  const dns::NameView target = *verdict.rule->rewrite.canonical_name;
  const auto on_target = asked.client.chain->judge_target(verdict, target, type, trail_);
  if (on_target.action == Action::deny) return deny(asked, on_target);
  return std::nullopt;
}

std::size_t Pipeline::deny(const Asked& asked, const filters::Verdict& verdict) {
  const std::size_t size = asked.response(options_.response).denial(*verdict.rule);
  record(asked, verdict, AnswerSource::policy);
  return size;
}

/// What the cache and the upstream are asked: the name that is really resolved.
CacheKey Pipeline::key_for(const Asked& asked, const filters::Verdict& verdict) const {
  CacheKey key{asked.query.question, asked.client.view, asked.query.dnssec_ok(),
               asked.query.header.has(dns::Flags::cd)};
  if (verdict.action == Action::rewrite) key.question.name = *verdict.rule->rewrite.canonical_name;
  return key;
}

/// Anything that was just tried in vain is answered from what there is, at once.
bool Pipeline::should_serve_stale(std::uint64_t key_hash, TimePoint now) const {
  return failures_.contains(key_hash, now) || upstreams_[options_.default_upstream]->is_down();
}

std::size_t Pipeline::forward(const Asked& asked, const filters::Verdict& verdict,
                              const CacheKey& key, bool has_stale) {
  const std::uint64_t key_hash = hash_of(key, options_.hash_seed);
  if (failures_.contains(key_hash, asked.now)) {
    return fail(asked, verdict, {dns::Ede::cached_error, "resolution failed a moment ago"});
  }
  const WaitingQuery waiting(asked.query, asked.origin, asked.received);
  const TimePoint deadline = asked.now + (has_stale ? stale_answer_after : options_.query_timeout);
  auto token = parts_.inflight.find(key, key_hash);
  const bool joins = token.has_value();
  if (!joins) token = parts_.inflight.start(key, key_hash, options_.default_upstream);
  if (!parts_.inflight.wait(*token, waiting, deadline)) {
    if (!joins) parts_.inflight.finish(*token, [](const WaitingQuery&) {});
    parts_.counters.limited[static_cast<std::size_t>(LimitReason::in_flight)].add();
    return fail(asked, verdict, {dns::Ede::other, "too many queries under way"});
  }
  parts_.counters.in_flight.set(parts_.inflight.waiting());
  if (joins) {
    parts_.counters.coalesced.add();
  } else {
    send(key, *token);
  }
  return 0;
}

/// Asks for a stale answer's successor although nobody waits for it, unless that failed a moment
/// ago.
void Pipeline::refresh(const CacheKey& key, std::uint64_t key_hash, TimePoint now) {
  if (failures_.contains(key_hash, now) || parts_.inflight.is_full() ||
      parts_.inflight.find(key, key_hash)) {
    return;
  }
  send(key, parts_.inflight.start(key, key_hash, options_.default_upstream));
}

void Pipeline::send(const CacheKey& key, Inflight::Token token) {
  std::array<std::uint8_t, 2 * dns::max_name_size + query_padding_block> query{};
  std::uint16_t flags = dns::Flags::rd;
  if (key.checking_disabled) flags |= dns::Flags::cd;
  dns::MessageWriter writer(query, 0, flags);
  writer.question(key.question);
  dns::OptOut opt;
  opt.payload_size = upstream_payload_size;
  opt.dnssec_ok = key.dnssec_ok;
  opt.padding_block = query_padding_block;
  writer.opt(opt);
  upstreams_[options_.default_upstream]->send(token, writer.written());
}

}  // namespace sluice::proxy
