// SPDX-License-Identifier: Apache-2.0
// Runs every table of this folder; policy_table.hpp has the format.
#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

#include <catch2/catch_test_macros.hpp>

#include "crds/loader.hpp"
#include "filters/compiler.hpp"
#include "tests/policies/policy_table.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

struct NoSlots : DecisionSlots {
  DecisionSlot block(const std::string& /*tenant*/,
                     std::span<const CompiledRule* const> /*rules*/) override {
    return no_slot;
  }
};

std::vector<std::string> table_paths() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/policies")) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

PolicySet load_policies(const std::string& path, const std::string& text) {
  crds::Loader loader;
  const crds::Source file{path, text};
  auto result = loader.load({file});
  for (const auto& diagnostic : result.diagnostics) {
    // Two tenants that claim one namespace are what some tables are about.
    const bool is_error = diagnostic.severity == config::Severity::error;
    if (is_error && diagnostic.reason != "Conflicted") FAIL(to_text(diagnostic));
  }
  return std::move(result.policies);
}

std::string name_of(const CompiledRule& rule) {
  return rule.filter + "/" + rule.name;
}

std::string text_of(Action action) {
  switch (action) {
    case Action::allow:
      return "Allow";
    case Action::deny:
      return "Deny";
    case Action::rewrite:
      return "Rewrite";
    default:
      return "an action that cannot end a walk";
  }
}

std::string text_of(const Response& response) {
  static constexpr std::array types{"NXDOMAIN", "NODATA", "REFUSED", "Sinkhole"};
  std::string text = types[static_cast<std::size_t>(response.type)];
  text += " " + std::to_string(response.ttl_seconds);
  for (const auto& address : {response.sinkhole_ipv4, response.sinkhole_ipv6}) {
    if (address) text += " " + to_text(*address);
  }
  return text;
}

std::string text_of(const Rewrite& rewrite) {
  std::string text = std::to_string(rewrite.ttl_seconds);
  if (rewrite.canonical_name) text += " " + dns::to_text(*rewrite.canonical_name);
  for (const auto& address : rewrite.addresses)
    text += " " + to_text(address);
  return text;
}

std::string answer_of(const Verdict& verdict) {
  if (verdict.action == Action::deny) return text_of(verdict.rule->response);
  if (verdict.action == Action::rewrite) return text_of(verdict.rule->rewrite);
  return "";
}

void check(const tests::ExpectedVerdict& expected, const Verdict& verdict,
           const DecisionTrail& trail) {
  CHECK(text_of(verdict.action) == expected.verdict);
  CHECK((verdict.rule == nullptr ? "" : name_of(*verdict.rule)) == expected.by);
  CHECK(answer_of(verdict) == expected.answer);
  std::vector<std::string> passed;
  for (const auto& entry : trail.entries())
    passed.push_back(name_of(*entry.rule));
  CHECK(passed == expected.trail);
  if (!expected.ede) return;
  REQUIRE(verdict.rule != nullptr);
  const auto code = std::to_string(static_cast<int>(verdict.rule->ede));
  CHECK(code + " " + verdict.rule->ede_text == *expected.ede);
}

void check_query(const tests::PolicyQuery& query, const Compiler::Resolved& client) {
  if (query.tenant) CHECK(client.tenant == *query.tenant);
  DecisionTrail trail;
  const auto verdict = client.chain->judge(query.qname, query.qtype, trail);
  check(query.expected, verdict, trail);
  for (const auto& target : query.targets) {
    CAPTURE(dns::to_text(target.name));
    DecisionTrail target_trail;
    const auto judged = client.chain->judge_target(verdict, target.name, query.qtype, target_trail);
    check(target.expected, judged, target_trail);
  }
}

void check_table(const std::string& path) {
  const auto table = tests::read_policy_table(path);
  NoSlots slots;
  const CompilerOptions options{{dns::Name::from_text("cluster.local").value(),
                                 dns::Name::from_text("10.in-addr.arpa").value()},
                                1};
  Compiler compiler(load_policies(path, table.policy), options, slots);
  for (const auto& query : table.queries) {
    INFO(path << ":" << query.line << ": " << table.note);
    const auto& workload = table.clients.at(query.from);
    check_query(query, workload ? compiler.resolve(*workload) : compiler.resolve_unknown());
  }
}

}  // namespace

TEST_CASE("every query of every policy table comes to its verdict", "[policies]") {
  const auto paths = table_paths();
  REQUIRE_FALSE(paths.empty());
  for (const auto& path : paths) {
    DYNAMIC_SECTION(std::filesystem::path(path).filename().string()) {
      check_table(path);
    }
  }
}
