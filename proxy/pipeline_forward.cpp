// SPDX-License-Identifier: Apache-2.0
// The middle of a query's life: the cache, the way to an upstream, and what comes back from it.
#include "proxy/pipeline.hpp"

namespace sluice::proxy {
namespace {

using dns::Rcode;

/// RFC 8767 5: how long a client waits before a stale answer is better than none.
constexpr std::chrono::milliseconds stale_answer_after{1800};
/// RFC 8467 4.1: queries on encrypted transports are padded to multiples of this.
constexpr std::uint16_t query_padding_block = 128;
/// DNS flag day 2020: larger UDP answers are likely to be fragmented.
constexpr std::uint16_t upstream_payload_size = 1232;

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

//--- cache ----------------------------------------------------------------------------------------

/// What the cache and the upstream are asked: the name that is really resolved, or one that does
/// not exist in the place of one that the tenant must not know to exist.
CacheKey Pipeline::key_for(const Asked& asked, const filters::Verdict& verdict) const {
  const filters::TenantService& service = *asked.client.service;
  CacheKey key{.question = asked.query.question,
               .view = service.cache_scope,
               .dnssec_ok = asked.query.dnssec_ok(),
               .checking_disabled = asked.query.header.has(dns::Flags::cd)};
  if (const auto* rewrite = verdict.rewrite())
    key.question.name = dns::Name(*rewrite->canonical_name);
  if (service.services && service.services->hides(key.question.name))
    key.question.name = service.services->stand_in(key.question.name);
  key.upstream = service.upstream_for(key.question.name);
  if (service.client_subnet == filters::ClientSubnet::forward && asked.query.edns)
    key.subnet = SubnetOption(asked.query.edns->client_subnet);
  return key;
}

/// What is asked when the answer to key_for() leads to a hidden name. Only with services.
CacheKey Pipeline::stand_in_key(const Asked& asked, const filters::Verdict& verdict) const {
  CacheKey key = key_for(asked, verdict);
  key.question.name = asked.client.service->services->stand_in(key.question.name);
  return key;
}

std::size_t Pipeline::look_up(const Asked& asked, const filters::Verdict& verdict,
                              const CacheKey& key) {
  const auto hit = parts_.cache.find(key, asked.now);
  if (hit && !hit->stale) {
    parts_.counters.cache.hits.add();
    return answer_hit(asked, verdict, key, *hit);
  }
  const std::uint64_t key_hash = hash_of(key, options_.hash_seed);
  if (hit && should_serve_stale(key, key_hash, asked.now)) {
    refresh(key, key_hash, asked.now);
    return answer_hit(asked, verdict, key, *hit);
  }
  parts_.counters.cache.misses.add();
  return forward(asked, verdict, key, hit.has_value());
}

/// Anything that was just tried in vain is answered from what there is, at once.
bool Pipeline::should_serve_stale(const CacheKey& key, std::uint64_t key_hash,
                                  TimePoint now) const {
  return failures_.contains(key_hash, now) || upstreams_[key.upstream]->is_down();
}

//--- forward --------------------------------------------------------------------------------------

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
  if (!joins) token = parts_.inflight.start(key, key_hash);
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
  send(key, parts_.inflight.start(key, key_hash));
}

void Pipeline::send(const CacheKey& key, Inflight::Token token) {
  std::array<std::uint8_t, 2 * dns::max_name_size + query_padding_block> query{};
  std::uint16_t flags = dns::Flags::rd;
  if (key.checking_disabled) flags |= dns::Flags::cd;
  Upstream& upstream = *upstreams_[key.upstream];
  dns::MessageWriter writer(query, 0, flags);
  writer.question(key.question);
  dns::OptOut opt;
  opt.payload_size = upstream_payload_size;
  opt.dnssec_ok = key.dnssec_ok;
  opt.client_subnet = key.subnet.octets();
  opt.padding_block = upstream.is_encrypted() ? query_padding_block : 0;
  writer.opt(opt);
  upstream.send(token, writer.written());
}

//--- back from the upstream -----------------------------------------------------------------------

void Pipeline::on_answer(std::uint64_t token, std::span<const std::uint8_t> message) {
  const Inflight::Flight* flight = parts_.inflight.flight(token);
  if (flight == nullptr) return;
  const TimePoint now = parts_.clock.now();
  dns::StoreOptions options = options_.ttl;
  options.dnssec_ok = flight->key.dnssec_ok;
  const auto size = dns::store_answer(message, flight->key.question, options, image_);
  if (!size) {
    parts_.counters.upstreams.at(flight->key.upstream).mismatched_answers.add();
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
  newcomers_.expire(now, [&](const WaitingQuery& waiting) { refuse_newcomer(waiting); });
  parts_.inflight.expire(now, [&](const WaitingQuery& waiting, const CacheKey& key) {
    parts_.counters.limited[static_cast<std::size_t>(LimitReason::query_timeout)].add();
    conclude(waiting, {&key, nullptr, explain(UpstreamFailure::timed_out)}, now);
  });
  parts_.counters.in_flight.set(parts_.inflight.waiting());
}

void Pipeline::conclude(const WaitingQuery& waiting, const Outcome& outcome, TimePoint now) {
  const dns::Query query = waiting.query();
  const Origin& origin = waiting.origin();
  const filters::Client* client = find_client(origin);
  const std::size_t size =
      client == nullptr
          ? refuse_stranger(query, origin, late_answer_)
          : conclude({query, origin, *client, waiting.received(), now, late_answer_}, outcome);
  if (size != 0) parts_.replies.reply(origin, std::span(late_answer_).first(size));
}

/// Judges anew: policy may have changed while the query waited, even to another name to be
/// resolved.
std::size_t Pipeline::conclude(const Asked& asked, const Outcome& outcome) {
  const filters::Verdict verdict = judge(asked);
  if (const auto size = answer_by_policy(asked, verdict)) return *size;
  const bool is_asked_for = key_for(asked, verdict) == *outcome.key;
  const bool stands_in = !is_asked_for && asked.client.service->services &&
                         stand_in_key(asked, verdict) == *outcome.key;
  if (!is_asked_for && !stands_in) return resolve(asked);
  const CacheKey key = *outcome.key;
  if (outcome.answer != nullptr && is_about_the_name(*outcome.answer))
    return answer_stored(asked, verdict, {key, *outcome.answer, {}, AnswerSource::upstream});
  if (const auto hit = parts_.cache.find(key, asked.now))
    return answer_hit(asked, verdict, key, *hit);
  if (outcome.answer == nullptr) return fail(asked, verdict, outcome.error);
  return answer_stored(asked, verdict, {key, *outcome.answer, {}, AnswerSource::upstream});
}

}  // namespace sluice::proxy
