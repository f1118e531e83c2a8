// SPDX-License-Identifier: Apache-2.0
#include "lists/list_reader.hpp"

#include <stdexcept>
#include <utility>

namespace sluice::lists {
namespace {

using Format = filters::DomainList::Format;

std::unique_ptr<LineFormat> make_format(const ListOptions& options) {
  switch (options.format) {
    case Format::plain:
      return make_plain_format(options.scope);
    case Format::hosts:
      return make_hosts_format(options.scope);
    case Format::adblock:
      return make_adblock_format();
    case Format::rpz:
      break;
  }
  return make_rpz_format();
}

std::string_view text_of(std::span<const std::uint8_t> octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace

void throw_exception_from_error(const ListRefusal& refusal,
                                const boost::source_location& /*where*/) {
  throw std::logic_error("unchecked ListRefusal: " + refusal.reason);
}

ListReader::ListReader(const ListOptions& options)
    : options_(options),
      intake_(options.seed),
      format_(make_format(options)),
      lines_([this](const LineSplitter::Line& line) { read_line(line); }) {}

bool ListReader::feed(std::span<const std::uint8_t> octets) {
  octets_ += octets.size();
  if (octets_ > options_.limits.max_octets)
    refuse("has more than " + std::to_string(options_.limits.max_octets) +
           " octets, the limit of lists.maxBytes");
  if (refusal_) return false;
  if (is_started_) {
    feed_checked(octets);
  } else {
    start(octets);
  }
  return !refusal_;
}

ListResult ListReader::finish() {
  if (!is_started_ && !refusal_) feed_lines(text_of(head_));
  if (inflater_ && !refusal_) {
    if (auto problem = inflater_->finish(); !problem.empty()) refuse(std::move(problem));
  }
  if (!refusal_) {
    lines_.finish();
    intake_.begin_line(lines_.count(), {});  // the text of the last line is gone
    format_->finish(intake_);
    check_limits();
    check_sense();
  }
  if (refusal_) return ListRefusal{*refusal_};
  ParsedList list{.line_count = lines_.count(),
                  .entry_count = intake_.size(),
                  .bad_line_count = intake_.bad_line_count(),
                  .skipped_count = intake_.skipped_count(),
                  .bad_lines = intake_.bad_lines()};
  list.names = std::make_shared<const filters::NameSet>(std::move(intake_).finish());
  return list;
}

/// The first two octets tell gzip; they may come in two pieces.
void ListReader::start(std::span<const std::uint8_t> octets) {
  head_.insert(head_.end(), octets.begin(), octets.end());
  if (head_.size() < 2) return;
  is_started_ = true;
  if (Inflater::is_gzip(head_)) {
    inflater_.emplace(options_.limits.max_octets,
                      [this](std::string_view piece) { return feed_lines(piece); });
  }
  feed_checked(std::exchange(head_, {}));
}

void ListReader::feed_checked(std::span<const std::uint8_t> octets) {
  if (!inflater_) {
    feed_lines(text_of(octets));
  } else if (auto problem = inflater_->feed(octets); !problem.empty()) {
    refuse(std::move(problem));
  }
}

bool ListReader::feed_lines(std::string_view text) {
  lines_.feed(text);
  check_limits();
  return !refusal_;
}

void ListReader::read_line(const LineSplitter::Line& line) {
  intake_.begin_line(line.number, line.text);
  if (line.is_cut)
    return intake_.refuse("is longer than " + std::to_string(LineSplitter::max_line_size) +
                          " octets");
  format_->read(line.text, intake_);
}

/// The first reason counts; what follows is a consequence of it.
void ListReader::refuse(std::string reason) {
  if (!refusal_) refusal_ = std::move(reason);
}

void ListReader::check_limits() {
  if (intake_.refusal()) refuse(*intake_.refusal());
  if (intake_.size() > options_.limits.max_entries)
    refuse("has more than " + std::to_string(options_.limits.max_entries) +
           " entries, the limit of lists.maxEntries");
}

/// A page that says "not found", a list in another format: better no list than an empty one.
void ListReader::check_sense() {
  if (intake_.size() > 0 || intake_.bad_line_count() == 0) return;
  const BadLine& first = intake_.bad_lines().front();
  refuse("has no line that can be read in this format; line " + std::to_string(first.number) +
         ", '" + first.excerpt + "', " + first.reason);
}

}  // namespace sluice::lists
