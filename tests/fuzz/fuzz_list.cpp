// SPDX-License-Identifier: Apache-2.0
// Lists of every format: the first octet chooses format, scope and where the chunks are cut. No
// input may crash or break a bound, and what is found does not depend on the chunks.
#include <algorithm>
#include <span>

#include "lists/list_reader.hpp"
#include "tests/fuzz/invariant.hpp"

using namespace sluice;

namespace {

constexpr std::uint64_t max_entries = 1000;

lists::ListResult read(const lists::ListOptions& options, std::span<const std::uint8_t> data,
                       std::size_t chunk) {
  lists::ListReader reader(options);
  while (!data.empty()) {
    const std::size_t size = std::min(chunk, data.size());
    if (!reader.feed(data.first(size))) break;
    data = data.subspan(size);
  }
  return reader.finish();
}

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

void check(const lists::ParsedList& list) {
  tests::require(list.bad_lines.size() <= lists::Intake::max_bad_lines);
  tests::require(list.bad_lines.size() <= list.bad_line_count);
  tests::require(list.bad_line_count <= list.line_count);
  tests::require(list.names->size() <= list.entry_count);
  for (const auto& bad : list.bad_lines) {
    tests::require(bad.number >= 1 && bad.number <= list.line_count);
    tests::require(is_printable(bad.excerpt) && is_printable(bad.reason));
  }
  const auto name = dns::Name::from_text("www.ads.example").value();
  (void)list.names->find(filters::SuffixHashes(name, list.names->deepest(), list.names->seed()));
  (void)list.names->find(*filters::Address::from_text("192.0.2.1"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const lists::ListOptions options{
      .format = static_cast<filters::DomainList::Format>(data[0] & 3U),
      .scope = static_cast<filters::DomainList::EntryScope>(data[0] >> 2 & 1U),
      .limits = {.max_entries = max_entries, .max_octets = 1U << 20},
      .seed = 1};
  const std::span<const std::uint8_t> text(data + 1, size - 1);
  const auto whole = read(options, text, text.size());
  const auto pieces = read(options, text, (data[0] >> 3) + 1U);
  tests::require(whole.has_value() == pieces.has_value());
  if (!whole) return 0;
  check(*whole);
  tests::require(whole->names->size() == pieces->names->size());
  tests::require(whole->bad_lines == pieces->bad_lines);
  return 0;
}
