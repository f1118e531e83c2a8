// SPDX-License-Identifier: Apache-2.0
#include "recordings/tally.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace sluice::recordings {
namespace {

RecordedQuery make_query(const std::string& namespace_name, const std::string& name) {
  RecordedQuery query;
  query.client.namespace_name = namespace_name;
  query.name = dns::Name::from_text(name).value();
  return query;
}

/// "namespace name type rcode count", sorted.
std::vector<std::string> lines(const Tally& tally) {
  std::vector<std::string> result;
  tally.for_each([&](const Tally::Entry& entry) {
    result.push_back(
        entry.client.namespace_name + ' ' + dns::to_text(entry.name) + ' ' +
        dns::to_text(entry.type) + ' ' + (entry.rcode ? dns::to_text(*entry.rcode) : "-") + ' ' +
        (entry.verdict ? entry.verdict->rule : "-") + ' ' + std::to_string(entry.count));
  });
  std::ranges::sort(result);
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the same question of the same client is counted once", "[recordings][tally]") {
  Tally tally;
  for (int i = 0; i < 3; ++i)
    tally.add(make_query("shop", "a.example"));
  tally.add(make_query("payments", "a.example"));
  CHECK(lines(tally) == Lines{"payments a.example. A - - 1", "shop a.example. A - - 3"});
}

TEST_CASE("what differs in type, verdict or answer is counted apart", "[recordings][tally]") {
  Tally tally;
  auto query = make_query("shop", "a.example");
  tally.add(query);
  query.type = dns::Type::txt;
  tally.add(query);
  query.rcode = dns::Rcode::nxdomain;
  tally.add(query);
  query.verdict = RecordedVerdict{filters::Action::deny, "rule"};
  tally.add(query);
  CHECK(lines(tally) == Lines{"shop a.example. A - - 1", "shop a.example. TXT - - 1",
                              "shop a.example. TXT NXDOMAIN - 1",
                              "shop a.example. TXT NXDOMAIN rule 1"});
}

TEST_CASE("a full tally counts what it knows and says what it lost", "[recordings][tally]") {
  Tally tally(2);
  tally.add(make_query("shop", "a.example"));
  tally.add(make_query("shop", "b.example"));
  tally.add(make_query("shop", "c.example"));
  tally.add(make_query("other", "a.example"));
  tally.add(make_query("shop", "a.example"));
  CHECK(lines(tally) == Lines{"shop a.example. A - - 2", "shop b.example. A - - 1"});
  CHECK(tally.overflowed() == 2);
}

}  // namespace sluice::recordings
