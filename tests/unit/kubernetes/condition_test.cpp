// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/condition.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

using namespace sluice;
using namespace sluice::kubernetes;

namespace {

config::Diagnostic problem(const std::string& reason, const std::string& path = "spec.rules[0]") {
  return {.file = "DNSFilter shop/web", .path = path, .message = "is wrong", .reason = reason};
}

config::Diagnostic warning(const std::string& reason) {
  auto diagnostic = problem(reason);
  diagnostic.severity = config::Severity::warning;
  return diagnostic;
}

/// `Accepted=True/Accepted Ready=True/Ready`.
std::string to_text(const std::vector<Condition>& conditions) {
  std::string text;
  for (const Condition& one : conditions)
    text += (text.empty() ? "" : " ") + one.type + '=' + one.status + '/' + one.reason;
  return text;
}

std::string message_of(const std::vector<Condition>& conditions, const std::string& type) {
  const auto found = std::ranges::find(conditions, type, &Condition::type);
  return found == conditions.end() ? "" : found->message;
}

}  // namespace

TEST_CASE("conditions sum up what is wrong with an object", "[kubernetes][status]") {
  struct Case {
    const char* kind;
    config::Diagnostics diagnostics;
    const char* conditions;
  };
  const Case cases[] = {
      {"DNSFilter", {}, "Accepted=True/Accepted ResolvedRefs=True/ResolvedRefs Ready=True/Ready"},
      {"DomainList", {}, "Accepted=True/Accepted Ready=True/Ready"},
      {"DNSFilter",
       {problem("DomainListNotFound")},
       "Accepted=False/DomainListNotFound ResolvedRefs=False/DomainListNotFound "
       "Ready=False/DomainListNotFound"},
      {"DNSFilter",
       {problem("ActionNotDelegated")},
       "Accepted=False/ActionNotDelegated ResolvedRefs=True/ResolvedRefs "
       "Ready=False/ActionNotDelegated"},
      {"DNSFilter",
       {warning("WildcardWithoutApex"), problem("QuotaExceeded"), problem("Invalid")},
       "Accepted=False/Invalid ResolvedRefs=Unknown/Pending Ready=False/Invalid "
       "Stalled=True/Invalid"},
      {"DNSFilter",
       {warning("PriorityTie")},
       "Accepted=True/Accepted ResolvedRefs=True/ResolvedRefs Ready=True/Ready "
       "PartiallyOverridden=True/PriorityTie"},
      {"DNSTenant",
       {problem("Conflicted")},
       "Accepted=False/Conflicted ResolvedRefs=True/ResolvedRefs Ready=False/Conflicted"},
  };
  for (const Case& one : cases)
    CHECK(to_text(conditions_of(one.kind, one.diagnostics)) == one.conditions);
}

TEST_CASE("a message names the field and what is in force meanwhile", "[kubernetes][status]") {
  const config::Diagnostics problems{problem("Invalid", "spec.priority")};
  const auto message = message_of(conditions_of("DNSFilter", problems), "Ready");
  CHECK(message.starts_with("spec.priority: is wrong. Until it is mended, nodes keep"));
  CHECK(message.find("failureMode") != std::string::npos);
}

TEST_CASE("a message stays short, whatever is wrong", "[kubernetes][status]") {
  const config::Diagnostics many(500, problem("Invalid"));
  const auto message = message_of(conditions_of("DNSFilter", many), "Accepted");
  CHECK(message.size() < 2500);
  CHECK(message.find(" more") != std::string::npos);
  config::Diagnostics one{problem("Invalid")};
  one[0].message.assign(100'000, 'a');
  CHECK(message_of(conditions_of("DNSFilter", one), "Accepted").size() < 5000);
}
