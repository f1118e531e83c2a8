// SPDX-License-Identifier: Apache-2.0
// Names from text: what is accepted comes back from its own text, octet by octet, and prints only
// printable ASCII.
#include <algorithm>

#include "dns/name.hpp"
#include "tests/fuzz/invariant.hpp"

using namespace sluice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto name = dns::Name::from_text({reinterpret_cast<const char*>(data), size});
  if (!name) return 0;
  const std::string text = dns::to_text(*name);
  tests::require(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; }));
  const auto again = dns::Name::from_text(text);
  tests::require(again.has_value() && *again == *name);
  tests::require(name->view().is_within(dns::NameView()));
  tests::require(name->view().label_count() <= dns::max_labels);
  dns::Name lower = *name;
  lower.lower();
  tests::require(dns::equal_ignoring_case(lower, *name));
  return 0;
}
