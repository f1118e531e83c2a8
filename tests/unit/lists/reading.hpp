// SPDX-License-Identifier: Apache-2.0
// Short spellings for lists in tests.
#pragma once

#include <string>
#include <string_view>

#include <zlib.h>

#include "lists/list_reader.hpp"

namespace sluice::lists {

using Format = filters::DomainList::Format;
using Scope = filters::DomainList::EntryScope;

inline std::span<const std::uint8_t> octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline ListResult read_list(std::string_view text, const ListOptions& options) {
  ListReader reader(options);
  (void)reader.feed(octets_of(text));
  return reader.finish();
}

inline ListResult read_list(std::string_view text, Format format,
                            Scope scope = Scope::name_and_subdomains) {
  return read_list(text, {.format = format, .scope = scope, .limits = {}, .seed = 4711});
}

/// What a match says, in a word.
inline std::string say(const std::optional<filters::ListMatch>& match) {
  if (!match) return "-";
  switch (match->effect) {
    case filters::ListEffect::listed:
      return "listed";
    case filters::ListEffect::nxdomain:
      return "nxdomain";
    case filters::ListEffect::nodata:
      return "nodata";
    case filters::ListEffect::drop:
      return "drop";
    case filters::ListEffect::local_data:
      break;
  }
  const filters::Rewrite& data = *match->local_data;
  std::string text = data.canonical_name ? to_text(*data.canonical_name) : "";
  for (const auto& address : data.addresses)
    text += (text.empty() ? "" : " ") + to_text(address);
  return text + "/" + std::to_string(data.ttl_seconds);
}

/// What a list says of a name.
inline std::string ask(const filters::NameSet& names, std::string_view text) {
  const auto name = dns::Name::from_text(text).value();
  return say(names.find(filters::SuffixHashes(name, names.deepest(), names.seed())));
}

/// The first bad line's reason, or the refusal, or nothing.
inline std::string first_problem(const ListResult& result) {
  if (!result) return result.error().reason;
  return result->bad_lines.empty() ? "" : result->bad_lines.front().reason;
}

inline std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace sluice::lists
