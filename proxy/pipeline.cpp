// SPDX-License-Identifier: Apache-2.0
#include "proxy/pipeline.hpp"

namespace sluice::proxy {
namespace {

using dns::Rcode;
using dns::Type;
using filters::Action;

/// QTYPEs 128 to 255 are questions to a server, not about a name (RFC 6895 3.1); of these only ANY
/// is served.
bool is_meta_type(Type type) {
  const auto value = static_cast<std::uint16_t>(type);
  return value == 0 || type == Type::opt || (value >= 128 && value < 255);
}

}  // namespace

Pipeline::Pipeline(const PipelineOptions& options, const Parts& parts)
    : options_(options),
      parts_(parts),
      clients_(std::make_shared<filters::ClientMap>()),
      newcomers_(options.hold_unknown) {}

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
  const auto found = clients_->find(origin.address, origin.listener, origin.certificate);
  if (found.problem)
    parts_.counters.certificate_problems[static_cast<std::size_t>(*found.problem)].add();
  if (found.client != nullptr) return admit({query, origin, *found.client, now, now, out});
  return newcomers_.hold(query, origin, now) ? 0 : refuse_stranger(query, origin, out);
}

void Pipeline::set_clients(std::shared_ptr<const filters::ClientMap> clients) {
  clients_ = std::move(clients);
  if (newcomers_.size() == 0) return;
  const TimePoint now = parts_.clock.now();
  newcomers_.release([&](const WaitingQuery& waiting) { return serve_newcomer(waiting, now); });
}

/// Whose query this is now; null for a client that is unknown and refused.
const filters::Client* Pipeline::find_client(const Origin& origin) const {
  return clients_->find(origin.address, origin.listener, origin.certificate).client;
}

/// False while nobody is known there.
bool Pipeline::serve_newcomer(const WaitingQuery& waiting, TimePoint now) {
  const Origin& origin = waiting.origin();
  const filters::Client* client = find_client(origin);
  if (client == nullptr) return false;
  parts_.counters.held[static_cast<std::size_t>(HoldOutcome::identified)].add();
  const dns::Query query = waiting.query();
  const std::size_t size = admit({query, origin, *client, waiting.received(), now, late_answer_});
  if (size != 0) parts_.replies.reply(origin, std::span(late_answer_).first(size));
  return true;
}

void Pipeline::refuse_newcomer(const WaitingQuery& waiting) {
  parts_.counters.held[static_cast<std::size_t>(HoldOutcome::refused)].add();
  const std::size_t size = refuse_stranger(waiting.query(), waiting.origin(), late_answer_);
  parts_.replies.reply(waiting.origin(), std::span(late_answer_).first(size));
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

//--- admit ----------------------------------------------------------------------------------------

std::size_t Pipeline::admit(const Asked& asked) {
  return may_ask(asked) ? resolve(asked) : refuse_excess(asked);
}

bool Pipeline::may_ask(const Asked& asked) const {
  const auto& limit = asked.client.service->rate_limit;
  if (!limit) return true;
  // Seeded: a client must not be able to choose an address that spends another's tokens.
  std::uint64_t source = options_.hash_seed + asked.client.service->tenant_hash;
  if (limit->scope == filters::RateLimit::Scope::pod)
    source = filters::hash_of(asked.origin.address, source);
  return parts_.rates.take(source * 0x9e3779b97f4a7c15 | 1, *limit, asked.now);
}

/// Not dropped: a resolver that is refused asks its next server, one that is not
/// answered waits for seconds.
std::size_t Pipeline::refuse_excess(const Asked& asked) {
  parts_.counters.limited[static_cast<std::size_t>(LimitReason::rate)].add();
  TenantCounters& counters = parts_.counters.tenants.at(asked.client.tenant_number);
  counters.rate_limited.add();
  const std::size_t size =
      asked.response(options_.response)
          .error(Rcode::refused, dns::ExtendedError{dns::Ede::prohibited, "rate limit"});
  counters.requests[static_cast<std::size_t>(asked.origin.transport)].add();
  const auto source = static_cast<std::size_t>(AnswerSource::policy);
  counters.responses[source][rcode_slot(asked.out)].add();
  return size;
}

//--- judge ----------------------------------------------------------------------------------------

std::size_t Pipeline::resolve(const Asked& asked) {
  const filters::Verdict verdict = judge(asked);
  if (const auto size = answer_by_policy(asked, verdict)) return *size;
  return look_up(asked, verdict, key_for(asked, verdict));
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
  const filters::Rewrite* rewrite = verdict.rewrite();
  if (verdict.action == Action::deny && rewrite == nullptr) return deny(asked, verdict);
  if (rewrite != nullptr && !rewrite->canonical_name) {
    const std::size_t size = asked.response(options_.response).addresses(verdict);
    record(asked, verdict, AnswerSource::policy);
    return size;
  }
  if (type == Type::any) {
    const std::size_t size = asked.response(options_.response).minimal_any();
    record(asked, verdict, AnswerSource::policy);
    return size;
  }
  if (rewrite == nullptr) return std::nullopt;
  const dns::NameView target = *rewrite->canonical_name;
  const auto on_target = asked.client.chain->judge_target(verdict, target, type, trail_);
  if (on_target.action == Action::deny) return deny(asked, on_target);
  return std::nullopt;
}

std::size_t Pipeline::deny(const Asked& asked, const filters::Verdict& verdict) {
  const Response response = asked.response(options_.response);
  const std::size_t size =
      verdict.drops() ? response.error(Rcode::refused, std::nullopt) : response.denial(verdict);
  record(asked, verdict, AnswerSource::policy);
  // A client that waited on a stream for an answer that never comes would hold up its connection.
  return verdict.drops() && asked.origin.transport == Transport::udp ? 0 : size;
}

}  // namespace sluice::proxy
