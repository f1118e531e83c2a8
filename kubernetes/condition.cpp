// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/condition.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "config/yaml.hpp"

namespace sluice::kubernetes {
namespace {

using config::Diagnostic;
using config::Severity;

constexpr std::array types = {"Accepted", "ResolvedRefs",        "Programmed",
                              "Ready",    "PartiallyOverridden", "Stalled"};
constexpr const char* invalid = "Invalid";
constexpr std::array<std::string_view, 3> reference_reasons = {
    "DomainListNotFound", "DomainListInvalid", "UpstreamNotFound"};
/// Warnings about rules that do not decide what they seem to.
constexpr std::array<std::string_view, 2> override_reasons = {"PriorityTie", "RuleShadowed"};

/// The API allows 32768 octets; whoever has mended some of the problems sees the others then.
constexpr std::size_t max_message = 2048;

bool is_filter(std::string_view kind) {
  return kind == "DNSFilter" || kind == "ClusterDNSFilter";
}

bool has_references(std::string_view kind) {
  return is_filter(kind) || kind == "DNSTenant";
}

using Problems = std::vector<const Diagnostic*>;

template <typename Predicate>
Problems select(std::span<const Diagnostic> diagnostics, const Predicate& is_wanted) {
  Problems problems;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (is_wanted(diagnostic)) problems.push_back(&diagnostic);
  }
  return problems;
}

template <std::size_t Size>
auto has_reason(const std::array<std::string_view, Size>& reasons) {
  return [&reasons](const Diagnostic& diagnostic) {
    return std::ranges::find(reasons, diagnostic.reason) != reasons.end();
  };
}

std::string text_of(const Problems& problems) {
  std::string text;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const std::string separator = i == 0 ? "" : "; ";
    const std::string path = problems[i]->path.empty() ? "" : problems[i]->path + ": ";
    const std::string next = separator + path + problems[i]->message;
    if (i > 0 && text.size() + next.size() > max_message)
      return text + "; and " + std::to_string(problems.size() - i) + " more";
    text += next;
  }
  return config::printable(text, 2 * max_message);  // one problem alone may be long
}

/// What is in force meanwhile. A tenant that loses a namespace to another is in force elsewhere.
std::string consequence(std::string_view kind, std::string_view reason) {
  if (reason == "Conflicted") return "";
  const std::string stays = ". Until it is mended, nodes keep the last version that was right";
  if (is_filter(kind))
    return stays + "; where there was none, the pods that it selects fall to `failureMode`";
  return stays + ", if they had one";
}

Condition summary(const std::vector<Condition>& conditions) {
  for (const Condition& condition : conditions) {
    if (condition.status == "False") return {"Ready", "False", condition.reason, condition.message};
  }
  return {"Ready", "True", "Ready", "In force as it is written"};
}

Condition accepted(const std::string& kind, const Problems& errors) {
  if (errors.empty()) return {"Accepted", "True", "Accepted", "The object is right"};
  const std::string& reason = errors.front()->reason;
  return {"Accepted", "False", reason, text_of(errors) + consequence(kind, reason)};
}

Condition resolved(const Problems& errors, const Problems& unresolved) {
  if (!unresolved.empty())
    return {"ResolvedRefs", "False", unresolved.front()->reason, text_of(unresolved)};
  if (!errors.empty() && errors.front()->reason == invalid)
    return {"ResolvedRefs", "Unknown", "Pending",
            "References are looked up once the object itself is right"};
  return {"ResolvedRefs", "True", "ResolvedRefs", "Everything that it refers to is there"};
}

}  // namespace

std::span<const char* const> condition_types() {
  return types;
}

std::vector<Condition> conditions_of(const std::string& kind,
                                     std::span<const Diagnostic> diagnostics) {
  // What is wrong with the object itself comes first: the rest may follow from it.
  auto errors = select(diagnostics, [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error && diagnostic.reason == invalid;
  });
  const auto others = select(diagnostics, [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error && diagnostic.reason != invalid;
  });
  errors.insert(errors.end(), others.begin(), others.end());
  const auto unresolved = select(diagnostics, has_reason(reference_reasons));
  const auto overrides = select(diagnostics, has_reason(override_reasons));

  std::vector<Condition> conditions = {accepted(kind, errors)};
  if (has_references(kind)) conditions.push_back(resolved(errors, unresolved));
  conditions.push_back(summary(conditions));
  if (!overrides.empty())
    conditions.push_back(
        {"PartiallyOverridden", "True", overrides.front()->reason, text_of(overrides)});
  if (!errors.empty() && errors.front()->reason == invalid)
    conditions.push_back({"Stalled", "True", invalid, text_of(errors)});
  return conditions;
}

}  // namespace sluice::kubernetes
