// SPDX-License-Identifier: Apache-2.0
#include "proxy/query_log.hpp"

#include "proxy/log.hpp"
#include "proxy/words.hpp"

namespace sluice::proxy {
namespace {

void write_line(const QueryLogEntry& entry) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  log::info("query",
            {{"tenant", entry.tenant.view()},
             {"namespace", entry.namespace_name.view()},
             {"client", filters::to_text(entry.client)},
             {"name", dns::to_text(entry.name)},
             {"type", dns::to_text(entry.type)},
             {"action", word(entry.action)},
             {"filter", entry.filter.view()},
             {"rule", entry.rule.view()},
             {"auditedFilter", entry.audited_filter.view()},
             {"auditedRule", entry.audited_rule.view()},
             {"rcode", dns::to_text(entry.rcode)},
             {"source", word(entry.source)},
             {"transport", word(entry.transport)},
             {"durationMicroseconds", duration_cast<microseconds>(entry.duration).count()}});
}

}  // namespace

std::size_t QueryLog::write_out() {
  return ring_.consume_all(write_line);
}

}  // namespace sluice::proxy
