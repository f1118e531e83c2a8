// SPDX-License-Identifier: Apache-2.0
#include "dns/compact_name.hpp"

#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

namespace sluice::dns {

TEST_CASE("a compact name is the name that it was made from", "[dns]") {
  const std::string longest_label(63, 'x');
  for (const std::string& text : {std::string("."), std::string("a."), std::string("WWW.example."),
                                  longest_label + "." + longest_label + "."}) {
    INFO(text);
    const Name name = *Name::from_text(text);
    const CompactName compact(name);
    CHECK(compact.view() == name.view());
    CHECK(to_text(compact) == text);
  }
  CHECK(sizeof(CompactName) == sizeof(void*));
}

TEST_CASE("copies of a compact name are names of their own", "[dns]") {
  CompactName name(*Name::from_text("one.example"));
  CompactName copy = name;
  name = CompactName(*Name::from_text("two.example"));
  CHECK(to_text(copy) == "one.example.");
  CHECK_FALSE(copy == name);
  copy = std::move(name);
  CHECK(to_text(copy) == "two.example.");
  copy = CompactName();
  CHECK(copy.view().is_root());
}

}  // namespace sluice::dns
