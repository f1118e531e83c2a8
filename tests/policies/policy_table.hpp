// SPDX-License-Identifier: Apache-2.0
// A policy table: manifests, clients, and what each query must come to.
//
//   note: what the table shows
//   policy: |                       # manifests, as in a policy directory
//     ...
//   clients:
//     web: {namespace: shop, labels: {app: web}}
//     stranger: unknown             # somebody whom nobody knows
//   queries:
//   - {from: web, ask: x.ads.example A, verdict: Deny, by: shop/no-ads/ads}
//
// A query's keys: `from`, `ask` and `verdict` always. `by`: the `filter/rule` that decided; absent:
// none may have. `trail`: audited and passed rules on the way; absent: none may be. `answer`: for
// Deny `TYPE TTL ADDRESSES...` (absent: NXDOMAIN 30), for Rewrite `TTL NAME-OR-ADDRESSES...`.
// `ede`: code and text, compared only if given. `targets`: the CNAME targets of the answer, each
// with `name`, `verdict`, `by` and `trail` of its own. `tenant`: compared only if given. Unknown
// keys are errors.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dns/name.hpp"
#include "dns/types.hpp"
#include "filters/policy.hpp"

namespace sluice::tests {

/// What a question, or a target behind it, must come to. Texts are compared as they are written.
struct ExpectedVerdict {
  std::string verdict;
  std::string by;
  std::vector<std::string> trail;
  std::string answer;
  std::optional<std::string> ede;
};

struct PolicyQuery {
  int line = 0;
  std::string from;
  dns::Name qname;
  dns::Type qtype = dns::Type::a;
  std::optional<std::string> tenant;
  ExpectedVerdict expected;
  struct Target {
    dns::Name name;
    ExpectedVerdict expected;
  };
  std::vector<Target> targets;
};

struct PolicyTable {
  std::string note;
  std::string policy;
  std::map<std::string, std::optional<filters::Workload>> clients;  ///< nothing: unknown
  std::vector<PolicyQuery> queries;
};

/// Throws std::runtime_error, with path and line, at anything that is not such a table.
PolicyTable read_policy_table(const std::string& path);

}  // namespace sluice::tests
