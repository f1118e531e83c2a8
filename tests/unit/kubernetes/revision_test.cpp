// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/revision.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/kubernetes/policy_changes.hpp"

namespace sluice::kubernetes {
namespace {

using tests::added;
using tests::deleted;
using tests::filter_type;
using tests::updated;

Revision of(const std::vector<std::string>& versions) {
  Revision revision;
  for (const auto& version : versions)
    revision.add(version);
  return revision;
}

}  // namespace

TEST_CASE("a revision is of what there is, in whatever order it came", "[kubernetes][rollout]") {
  CHECK(of({"a/1", "b/1"}) == of({"b/1", "a/1"}));
  CHECK(of({"a/1", "b/1"}) != of({"a/1"}));
  CHECK(of({"a/1", "b/2"}) != of({"a/2", "b/1"}));
  CHECK(of({"a/1", "a/1"}) != Revision());
  auto revision = of({"a/1", "b/1"});
  revision.remove("a/1");
  CHECK(revision == of({"b/1"}));
  revision.remove("b/1");
  CHECK(revision == Revision());
}

TEST_CASE("a revision's text is read back, and nothing else is", "[kubernetes][rollout]") {
  const auto revision = of({"a/1"});
  CHECK(revision.text().size() == 32);
  CHECK(Revision::from_text(revision.text()) == revision);
  CHECK(Revision().text() == std::string(32, '0'));
  CHECK(Revision::from_text(Revision().text()) == Revision());
  const std::string text = revision.text();
  for (const std::string& wrong :
       {std::string(), text + "0", text.substr(1), "x" + text.substr(1), "-" + text.substr(1)}) {
    INFO(wrong);
    CHECK_FALSE(Revision::from_text(wrong));
  }
}

TEST_CASE("what changes a revision are generations of policies", "[kubernetes][rollout]") {
  Revisions revisions;
  const auto apply_filters = [&](const Changes& changes) {
    apply(filter_type, changes, revisions);
    return revisions.at("DNSFilter");
  };
  const auto first = apply_filters({added("web", 1)});
  CHECK(first != Revision());
  CHECK(apply_filters({updated("web", 1, 1)}) == first);  // its status
  const auto second = apply_filters({updated("web", 1, 2)});
  CHECK(second != first);
  // The event of a deletion may have a generation that nobody has seen.
  CHECK(apply_filters({deleted("web", 2, 3)}) == Revision());
  apply({"v1", "Namespace"}, {added("shop", 1)}, revisions);
  CHECK(revisions.size() == 1);
}

}  // namespace sluice::kubernetes
