// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/policy_sources.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/kubernetes/policy_changes.hpp"

using namespace sluice;
using namespace sluice::kubernetes;
using namespace sluice::tests;

namespace {

std::string paths_of(const crds::Sources& sources) {
  std::string paths;
  for (const crds::Source& source : sources)
    paths += (paths.empty() ? "" : ", ") + source.path;
  return paths;
}

}  // namespace

TEST_CASE("what did not change is the same source", "[kubernetes]") {
  PolicySources sources;
  sources.apply(filter_type, {added("b", 1), added("a", 1)});
  sources.apply(upstream_type, {added("a", 1)});
  const auto before = sources.all().pointers();
  CHECK(paths_of(sources.all()) == "DNSFilter shop/a, DNSFilter shop/b, DNSUpstream shop/a");
  sources.apply(filter_type, {updated("b", 1, 2)});
  const auto after = sources.all().pointers();
  CHECK(after[0] == before[0]);
  CHECK(after[1] != before[1]);
  CHECK(after[1]->text != before[1]->text);
  CHECK(after[2] == before[2]);
}

TEST_CASE("a status alone makes a source that says the same", "[kubernetes]") {
  PolicySources sources;
  sources.apply(filter_type, {added("a", 1)});
  const auto before = sources.all().pointers();
  sources.apply(filter_type, {updated("a", 1, 1)});
  const auto after = sources.all().pointers();
  CHECK(after[0] != before[0]);  // which holds the old state of the object
  CHECK(after[0]->text == before[0]->text);
}

TEST_CASE("what was deleted is no source", "[kubernetes]") {
  PolicySources sources;
  sources.apply(filter_type, {added("a", 1), added("b", 1)});
  sources.apply(filter_type, {deleted("a", 1, 2), deleted("c", 1, 1)});
  CHECK(paths_of(sources.all()) == "DNSFilter shop/b");
}
