// SPDX-License-Identifier: Apache-2.0
// What one changed filter among 10,000 costs from the API server's event until workers can have it:
// 1,000 namespaces, of which a node's pods are in 100. Times are only reported.
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>

#include "crds/group.hpp"
#include "crds/loader.hpp"
#include "filters/compiler.hpp"
#include "kubernetes/policy_sources.hpp"

using namespace sluice;
namespace json = boost::json;

namespace {

constexpr int namespaces = 1000;
constexpr int filters_per_namespace = 10;
constexpr int rules_per_filter = 10;
constexpr int clients = 100;

struct NoSlots : filters::DecisionSlots {
  filters::DecisionSlot block(const std::string& /*tenant*/,
                              std::span<const filters::CompiledRule* const> /*rules*/) override {
    return filters::no_slot;
  }
};

kubernetes::ObjectPointer filter(int space, int number, int generation) {
  json::array rules;
  for (int i = 0; i < rules_per_filter; ++i) {
    const std::string name = "service-" + std::to_string(number) + '-' + std::to_string(i);
    rules.push_back(
        {{"name", "rule-" + std::to_string(i)},
         {"action", i % 2 == 0 ? "Deny" : "Allow"},
         {"domains", {"*." + name + ".example.com", name + ".example.net", "." + name}}});
  }
  return kubernetes::make_object({{"metadata",
                                   {{"name", "filter-" + std::to_string(number)},
                                    {"namespace", "team-" + std::to_string(space)},
                                    {"uid", std::to_string(space) + '-' + std::to_string(number)},
                                    {"resourceVersion", std::to_string(generation)},
                                    {"generation", generation}}},
                                  {"spec", {{"priority", 100 + number}, {"rules", rules}}}});
}

/// As the watch tells of it.
void put(kubernetes::PolicySources& sources, kubernetes::ObjectPointer object) {
  sources.apply({crds::api_version, "DNSFilter"},
                {{kubernetes::ChangeKind::added, std::move(object), nullptr}});
}

kubernetes::PolicySources all_filters() {
  kubernetes::PolicySources sources;
  for (int space = 0; space < namespaces; ++space) {
    for (int number = 0; number < filters_per_namespace; ++number)
      put(sources, filter(space, number, 1));
  }
  return sources;
}

crds::Loader::Result load(crds::Loader& loader, const kubernetes::PolicySources& sources) {
  return loader.load(sources.all(), {.upstream_names = {}, .warnings = crds::Warnings::none});
}

std::size_t compile(const filters::PolicySet& policies) {
  NoSlots slots;
  filters::Compiler compiler(policies, {}, slots);
  std::size_t chains = 0;
  for (int i = 0; i < clients; ++i)
    chains += compiler.resolve({"team-" + std::to_string(i), {}}).chain != nullptr ? 1 : 0;
  return chains;
}

}  // namespace

TEST_CASE("one of ten thousand filters changes") {
  auto sources = all_filters();
  BENCHMARK("first load") {
    crds::Loader loader;
    return load(loader, sources).object_count;
  };
  crds::Loader loader;
  auto result = load(loader, sources);
  REQUIRE(result.object_count == sources.all().size());
  int generation = 1;
  BENCHMARK("load of one changed filter") {
    put(sources, filter(0, 0, ++generation));
    result = load(loader, sources);
    return result.object_count;
  };
  BENCHMARK("compilation for the clients of a node") {
    return compile(result.policies);
  };
}
