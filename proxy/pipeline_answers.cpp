// SPDX-License-Identifier: Apache-2.0
// The end of a query's life: an answer is there; it is inspected, told and recorded.
#include <algorithm>

#include "proxy/inspection.hpp"
#include "proxy/pipeline.hpp"

namespace sluice::proxy {
namespace {

using dns::Rcode;
using filters::Action;
using filters::QueryLogging;

/// RFC 8767 5: the TTL of stale answers.
constexpr std::uint32_t stale_ttl = 30;

/// The lower of what the deciding filter and the tenant want, as docs/policies.md says.
QueryLogging logging_of(const filters::Client& client, const filters::Verdict& verdict) {
  const QueryLogging asked_for =
      verdict.rule == nullptr ? client.chain->logging() : verdict.rule->logging;
  return std::min(client.service->query_logging, asked_for);
}

}  // namespace

std::size_t Pipeline::answer_hit(const Asked& asked, const filters::Verdict& verdict,
                                 const CacheKey& key, const CacheHit& hit) {
  if (!hit.stale) {
    return answer_stored(asked, verdict, {key, hit.answer, {hit.age, 0}, AnswerSource::cache});
  }
  parts_.counters.cache.stale_hits.add();
  return answer_stored(asked, verdict,
                       {key, hit.answer, {hit.age, stale_ttl}, AnswerSource::stale});
}

std::size_t Pipeline::answer_stored(const Asked& asked, const filters::Verdict& verdict,
                                    const Stored& stored) {
  const auto* rewrite = verdict.rewrite();
  const dns::NameView resolved =
      rewrite != nullptr ? rewrite->canonical_name->view() : asked.query.question.name.view();
  if (!(stored.key.question.name.view() == resolved))
    return answer_for_hidden(asked, verdict, stored);
  const Inspection found =
      inspect({asked.client, verdict, stored.key.question, stored.answer}, trail_, left_out_);
  if (found.leads_to_hidden) return look_up(asked, verdict, stand_in_key(asked, verdict));
  if (found.denied) return deny(asked, *found.denied);
  return tell(asked, verdict, stored, found.strips);
}

/// The answer to a name that does not exist, told of one that must seem so.
std::size_t Pipeline::answer_for_hidden(const Asked& asked, const filters::Verdict& verdict,
                                        const Stored& stored) {
  // A wildcard in the zone makes every name exist: then there is nothing to imitate.
  const std::size_t size = stored.answer.is_negative()
                               ? asked.response(options_.response)
                                     .retold({stored.key.question, stored.answer}, stored.ttl,
                                             {.rewrite = verdict.rewrite(), .scratch = scratch_})
                               : asked.response(options_.response).missing();
  record(asked, verdict, stored.source);
  return size;
}

std::size_t Pipeline::tell(const Asked& asked, const filters::Verdict& verdict,
                           const Stored& stored, const filters::CompiledRule* strips) {
  const Response response = asked.response(options_.response);
  const filters::Rewrite* rewrite = verdict.rewrite();
  std::size_t size = 0;
  if (rewrite == nullptr && strips == nullptr) {
    size = response.stored(stored.answer, stored.ttl);
  } else {
    Response::Retelling how{.rewrite = rewrite, .scratch = scratch_};
    if (rewrite != nullptr) how.error = {dns::Ede::forged_answer, verdict.rule->ede_text};
    if (strips != nullptr) {
      how.error = {strips->ede, strips->ede_text};
    }
    const dns::RecordSet* left_out = strips == nullptr ? nullptr : &left_out_;
    size = response.retold({stored.key.question, stored.answer, left_out}, stored.ttl, how);
  }
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

  const QueryLogging logging = logging_of(asked.client, verdict);
  if (logging == QueryLogging::none) return;
  const auto is_trial = [](const auto& passed) { return passed.rule->action != Action::pass; };
  const auto passed = trail_.entries();
  const bool changes_something =
      verdict.action != Action::allow || std::any_of(passed.begin(), passed.end(), is_trial);
  if (logging == QueryLogging::all || changes_something) log(asked, verdict, source);
}

void Pipeline::log(const Asked& asked, const filters::Verdict& verdict, AnswerSource source) {
  QueryLogEntry entry;
  entry.tenant.assign(asked.client.tenant);
  entry.namespace_name.assign(asked.client.namespace_name);
  entry.client = asked.origin.address;
  entry.name = asked.query.question.name;
  entry.type = asked.query.question.type;
  entry.action = verdict.action;
  if (verdict.rule != nullptr) {
    entry.filter.assign(verdict.rule->filter);
    entry.rule.assign(verdict.rule->name);
  }
  for (const auto& passed : trail_.entries()) {
    if (!passed.rule->only_audits()) continue;
    entry.audited_filter.assign(passed.rule->filter);
    entry.audited_rule.assign(passed.rule->name);
    break;
  }
  entry.rcode = static_cast<Rcode>(asked.out[3] & 0xfU);
  entry.source = source;
  entry.transport = asked.origin.transport;
  entry.duration = asked.now - asked.received;
  if (!parts_.query_log.put(entry)) parts_.counters.query_log_dropped.add();
}

}  // namespace sluice::proxy
