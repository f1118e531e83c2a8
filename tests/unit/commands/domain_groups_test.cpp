// SPDX-License-Identifier: Apache-2.0
#include "commands/domain_groups.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::commands {

using Names = std::vector<std::string>;

TEST_CASE("names belong to the domain that was registered", "[commands][suggest]") {
  const PublicSuffixes suffixes;
  struct Case {
    const char* name;
    const char* domain;
  };
  const Case cases[] = {
      {"www.example.com", "example.com"},
      {"a.b.example.co.uk", "example.co.uk"},
      {"example.com", "example.com"},
      {"com", "com"},
      {"one.github.io", "one.github.io"},
      {"a.one.github.io", "one.github.io"},
      {"bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"},
      {"host.internal-tld-of-ours", "host.internal-tld-of-ours"},
      {"a.host.internal-tld-of-ours", "host.internal-tld-of-ours"},
      {"_dmarc.example.com", "example.com"},
  };
  for (const auto& [name, domain] : cases) {
    INFO(name);
    CHECK(suffixes.registrable(name) == domain);
  }
}

TEST_CASE("three names below a domain become a pattern, fewer are listed", "[commands][suggest]") {
  DomainGroup group{.domain = "a.example", .names = {"x.a.example", "y.a.example"}};
  CHECK(group.patterns() == Names{"x.a.example", "y.a.example"});
  group.names.insert("a.example");  // the domain itself is not below
  CHECK(group.patterns() == Names{"a.example", "x.a.example", "y.a.example"});
  group.names.insert("z.y.a.example");
  CHECK(group.patterns() == Names{".a.example"});
}

TEST_CASE("groups have all names and queries of their domain", "[commands][suggest]") {
  const auto groups =
      group_by_domain({{"www.b.example", 2}, {"b.example", 3}, {"a.example", 1}}, PublicSuffixes());
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].domain == "a.example");
  CHECK(groups[1].names == std::set<std::string>{"b.example", "www.b.example"});
  CHECK(groups[1].queries == 5);
}

}  // namespace sluice::commands
