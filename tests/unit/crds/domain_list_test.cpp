// SPDX-License-Identifier: Apache-2.0
#include "crds/domain_list.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "tests/unit/crds/objects.hpp"

namespace sluice::crds {
namespace {

using EntryScope = filters::DomainList::EntryScope;

const std::string full = R"(apiVersion: sluice.dev/v1alpha1
kind: DomainList
metadata: {name: trackers, namespace: shop}
spec:
  entryScope: NameOnly
  entries: [tracker.example, _x.ads.example]
)";

}  // namespace

TEST_CASE("every field of a DomainList is decoded", "[crds][domain_list]") {
  CHECK(unused_fields(spec_schema("DomainList"), full) == std::set<std::string>{});
  const auto list = read_one<filters::DomainList>(full);
  CHECK(list.key == filters::ListKey{"shop", "trackers"});
  CHECK(list.entry_scope == EntryScope::name_only);
  REQUIRE(list.entries.size() == 2);
  CHECK(to_text(list.entries[1]) == "_x.ads.example.");
  CHECK_FALSE(list.source);
}

TEST_CASE("a DomainList may be empty and means subdomains too", "[crds][domain_list]") {
  const auto list = read_one<filters::DomainList>(
      "apiVersion: sluice.dev/v1alpha1\nkind: DomainList\n"
      "metadata: {name: l, namespace: shop}\nspec: {entries: []}\n");
  CHECK(list.entries.empty());
  CHECK(list.entry_scope == filters::DomainList().entry_scope);
}

TEST_CASE("a DomainList of 20,000 names loads, one of 20,001 does not", "[crds][domain_list]") {
  std::string text =
      "apiVersion: sluice.dev/v1alpha1\nkind: DomainList\n"
      "metadata: {name: l, namespace: shop}\nspec:\n  entries:\n";
  for (int i = 0; i < 20'000; ++i) {
    text += "  - n" + std::to_string(i) + ".example\n";
  }
  CHECK(read_one<filters::DomainList>(text).entries.size() == 20'000);
  const auto file = read_manifests({"l.yaml", text + "  - one.more.example\n"});
  REQUIRE(file.diagnostics.size() == 1);
  CHECK(file.diagnostics[0].message == "found 20001 items, expected at most 20000");
}

}  // namespace sluice::crds
