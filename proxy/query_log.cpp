// SPDX-License-Identifier: Apache-2.0
#include "proxy/query_log.hpp"

#include "proxy/log.hpp"
#include "proxy/pod_registry.hpp"
#include "proxy/words.hpp"

namespace sluice::proxy {
namespace {

/// Empty unless a pod of that namespace has the address: it may be the next owner's by now.
std::string_view pod_of(const QueryLogEntry& entry, const PodRegistry* pods) {
  const auto* pod = pods == nullptr ? nullptr : pods->find(entry.client);
  if (pod == nullptr || pod->namespace_name != entry.namespace_name.view()) return {};
  return pod->name;
}

void write_line(const QueryLogEntry& entry, std::string_view pod) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  log::info("query",
            {{"tenant", entry.tenant.view()},
             {"namespace", entry.namespace_name.view()},
             {"pod", pod},
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

std::size_t QueryLog::write_out(const PodRegistry* pods) {
  return ring_.consume_all(
      [pods](const QueryLogEntry& entry) { write_line(entry, pod_of(entry, pods)); });
}

}  // namespace sluice::proxy
