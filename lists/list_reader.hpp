// SPDX-License-Identifier: Apache-2.0
// The one way from the octets of a list to its compiled form:
//
//   ListReader reader({.format = Format::hosts, .seed = seed});
//   while (more) if (!reader.feed(chunk)) break;
//   const auto result = reader.finish();
//
// Pure: where the octets come from, and on which thread, is the caller's business. While it reads,
// it holds 9 octets an entry; finish() takes the compiled list's 11.5 octets a name beside them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "filters/name_set.hpp"
#include "filters/policy.hpp"
#include "lists/inflater.hpp"
#include "lists/line_format.hpp"
#include "lists/line_splitter.hpp"

namespace sluice::lists {

struct ListLimits {
  std::uint64_t max_entries = 10'000'000;   ///< duplicates included
  std::uint64_t max_octets = 512ULL << 20;  ///< before and after inflating
};

struct ListOptions {
  filters::DomainList::Format format = filters::DomainList::Format::plain;
  /// Of formats plain and hosts; the others say it themselves.
  filters::DomainList::EntryScope scope = filters::DomainList::EntryScope::name_and_subdomains;
  ListLimits limits;
  std::uint64_t seed = 0;  ///< of all hashes of the process
};

/// A list that was read to its end.
struct ParsedList {
  std::shared_ptr<const filters::NameSet> names;
  std::uint64_t line_count = 0;
  std::uint64_t entry_count = 0;  ///< as written; names->size() is without duplicates
  std::uint64_t bad_line_count = 0;
  std::uint64_t skipped_count = 0;  ///< rules for browsers' pages, which are not a DNS filter's
  std::vector<BadLine> bad_lines;   ///< the first ones
};

/// Why a list as a whole is not taken.
struct ListRefusal {
  std::string reason;
};
using ListResult = boost::system::result<ParsedList, ListRefusal>;
[[noreturn]] void throw_exception_from_error(const ListRefusal& refusal,
                                             const boost::source_location& where);

class ListReader {
 public:
  explicit ListReader(const ListOptions& options);
  ListReader(const ListReader&) = delete;
  ListReader& operator=(const ListReader&) = delete;

  /// The next octets, plain or gzip. False: the list is refused, and finish() says why.
  [[nodiscard]] bool feed(std::span<const std::uint8_t> octets);
  /// To be called once, at the end.
  [[nodiscard]] ListResult finish();

  /// So far, for whoever shows progress.
  [[nodiscard]] std::uint64_t line_count() const { return lines_.count(); }
  [[nodiscard]] std::uint64_t entry_count() const { return intake_.size(); }

 private:
  void start(std::span<const std::uint8_t> octets);
  void feed_checked(std::span<const std::uint8_t> octets);
  bool feed_lines(std::string_view text);
  void read_line(const LineSplitter::Line& line);
  void refuse(std::string reason);
  void check_limits();
  void check_sense();

  ListOptions options_;
  Intake intake_;
  std::unique_ptr<LineFormat> format_;
  LineSplitter lines_;
  std::optional<Inflater> inflater_;
  std::vector<std::uint8_t> head_;  ///< until it is known whether it is gzip
  bool is_started_ = false;
  std::uint64_t octets_ = 0;
  std::optional<std::string> refusal_;
};

}  // namespace sluice::lists
