// SPDX-License-Identifier: Apache-2.0
// The second half of a query's life: what comes back from an upstream, inspection, answer and
// record.
#include "proxy/pipeline.hpp"

namespace sluice::proxy {
namespace {

using dns::Rcode;
using filters::Action;

/// RFC 8767 5: the TTL of stale answers.
constexpr std::uint32_t stale_ttl = 30;
dns::ExtendedError explain(UpstreamFailure failure) {
  switch (failure) {
    case UpstreamFailure::unreachable:
      return {dns::Ede::network_error, "upstream unreachable"};
    case UpstreamFailure::timed_out:
      return {dns::Ede::no_reachable_authority, "upstream did not answer in time"};
    case UpstreamFailure::untrusted:
      return {dns::Ede::no_reachable_authority, "certificate of upstream does not verify"};
    case UpstreamFailure::overloaded:
      return {dns::Ede::no_reachable_authority, "too many queries under way to upstream"};
  }
  return {};
}

bool is_about_the_name(const dns::AnswerView& answer) {
  return answer.rcode() == Rcode::noerror || answer.rcode() == Rcode::nxdomain;
}

}  // namespace

void Pipeline::on_answer(std::uint64_t token, std::span<const std::uint8_t> message) {
  const Inflight::Flight* flight = parts_.inflight.flight(token);
  if (flight == nullptr) return;
  const TimePoint now = parts_.clock.now();
  dns::StoreOptions options = options_.ttl;
  options.dnssec_ok = flight->key.dnssec_ok;
  const auto size = dns::store_answer(message, flight->key.question, options, image_);
  if (!size) {
    parts_.counters.upstreams[flight->upstream].mismatched_answers.add();
    failures_.insert(flight->key_hash, now);
    return finish(token, nullptr, {dns::Ede::network_error, "malformed answer from upstream"});
  }
  const dns::AnswerView answer(std::span<const std::uint8_t>(image_.data(), *size));
  if (is_about_the_name(answer)) {
    failures_.erase(flight->key_hash);
    if (answer.head().cacheable != 0) parts_.cache.insert(flight->key, answer.image(), now);
  } else {
    failures_.insert(flight->key_hash, now);
  }
  finish(token, &answer, {});
}

void Pipeline::on_failure(std::uint64_t token, UpstreamFailure failure) {
  const Inflight::Flight* flight = parts_.inflight.flight(token);
  if (flight == nullptr) return;
  failures_.insert(flight->key_hash, parts_.clock.now());
  finish(token, nullptr, explain(failure));
}

void Pipeline::finish(Inflight::Token token, const dns::AnswerView* answer,
                      const dns::ExtendedError& error) {
  const CacheKey key = parts_.inflight.flight(token)->key;
  const TimePoint now = parts_.clock.now();
  const Outcome outcome{&key, answer, error};
  parts_.inflight.finish(token,
                         [&](const WaitingQuery& waiting) { conclude(waiting, outcome, now); });
  parts_.counters.in_flight.set(parts_.inflight.waiting());
}

void Pipeline::expire(TimePoint now) {
  parts_.inflight.expire(now, [&](const WaitingQuery& waiting, const CacheKey& key) {
    parts_.counters.limited[static_cast<std::size_t>(LimitReason::query_timeout)].add();
    conclude(waiting, {&key, nullptr, explain(UpstreamFailure::timed_out)}, now);
  });
  parts_.counters.in_flight.set(parts_.inflight.waiting());
}

void Pipeline::conclude(const WaitingQuery& waiting, const Outcome& outcome, TimePoint now) {
  const dns::Query query = waiting.query();
  const filters::Client* client =
      clients_->find(waiting.origin().address, waiting.origin().listener);
  const std::size_t size =
      client == nullptr
          ? refuse_stranger(query, waiting.origin(), late_answer_)
          : conclude({query, waiting.origin(), *client, waiting.received(), now, late_answer_},
                     outcome);
  if (size != 0) parts_.replies.reply(waiting.origin(), std::span(late_answer_).first(size));
}

/// Judges anew: policy may have changed while the query waited, even to another name to be
/// resolved.
std::size_t Pipeline::conclude(const Asked& asked, const Outcome& outcome) {
  const filters::Verdict verdict = judge(asked);
  if (const auto size = answer_by_policy(asked, verdict)) return *size;
  const CacheKey key = key_for(asked, verdict);
  if (!(key == *outcome.key)) return resolve(asked);
  const bool is_answer = outcome.answer != nullptr && (outcome.answer->rcode() == Rcode::noerror ||
                                                       outcome.answer->rcode() == Rcode::nxdomain);
  if (is_answer)
    return answer_stored(asked, verdict, {*outcome.answer, {}, AnswerSource::upstream});
  if (const auto hit = parts_.cache.find(key, asked.now)) return answer_hit(asked, verdict, *hit);
  if (outcome.answer == nullptr) return fail(asked, verdict, outcome.error);
  return answer_stored(asked, verdict, {*outcome.answer, {}, AnswerSource::upstream});
}

//--- inspect, answer, record ------------------------------------------------------------------

std::size_t Pipeline::answer_hit(const Asked& asked, const filters::Verdict& verdict,
                                 const CacheHit& hit) {
  if (!hit.stale) {
    return answer_stored(asked, verdict, {hit.answer, {hit.age, 0}, AnswerSource::cache});
  }
  parts_.counters.cache.stale_hits.add();
  return answer_stored(asked, verdict, {hit.answer, {hit.age, stale_ttl}, AnswerSource::stale});
}

std::size_t Pipeline::answer_stored(const Asked& asked, const filters::Verdict& verdict,
                                    const Stored& stored) {
  std::optional<filters::Verdict> denied;
  dns::for_each_name(stored.answer.targets(), [&](dns::NameView target) {
    if (denied) return;
    const auto on_target =
        asked.client.chain->judge_target(verdict, target, asked.query.question.type, trail_);
    if (on_target.action == Action::deny) denied = on_target;
  });
  if (denied) return deny(asked, *denied);
  const Response response = asked.response(options_.response);
  const std::size_t size =
      verdict.action == Action::rewrite
          ? response.stored_behind_cname(*verdict.rule, stored.answer, stored.ttl, scratch_)
          : response.stored(stored.answer, stored.ttl);
  record(asked, verdict, stored.source);
  return size;
}

std::size_t Pipeline::fail(const Asked& asked, const filters::Verdict& verdict,
                           const dns::ExtendedError& error) {
  const std::size_t size = asked.response(options_.response).error(Rcode::servfail, error);
  record(asked, verdict, AnswerSource::error);
  return size;
}

void Pipeline::record(const Asked& asked, const filters::Verdict& verdict, AnswerSource source) {
  TenantCounters& counters = parts_.counters.tenants.at(asked.client.tenant_number);
  counters.requests[static_cast<std::size_t>(asked.origin.transport)].add();
  counters.responses[static_cast<std::size_t>(source)][rcode_slot(asked.out)].add();
  counters.duration.observe(asked.now - asked.received);
  if (verdict.slot != filters::no_slot) parts_.counters.decisions.at(verdict.slot).add();
  for (const auto& passed : trail_.entries())
    parts_.counters.decisions.at(passed.slot).add();
}

}  // namespace sluice::proxy
