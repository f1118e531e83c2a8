// SPDX-License-Identifier: Apache-2.0
#include "lists/zone_record.hpp"

#include <algorithm>

#include "lists/text.hpp"

namespace sluice::lists {
namespace {

/// Of one record over several lines. A SOA or a long TXT needs less than a tenth.
constexpr std::size_t max_record_size = 65536;
constexpr std::uint32_t max_ttl = 0x7fffffff;  // RFC 2181 8

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return result;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::uint64_t seconds_in(char unit) {
  switch (unit) {
    case 's':
    case 'S':
      return 1;
    case 'm':
    case 'M':
      return 60;
    case 'h':
    case 'H':
      return 3600;
    case 'd':
    case 'D':
      return 86400;
    case 'w':
    case 'W':
      return 604800;
    default:
      return 0;
  }
}

/// `300`, `1h` or `1h30m`, as BIND writes them.
std::optional<std::uint32_t> ttl_from_text(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::uint64_t total = 0;
  while (!text.empty()) {
    std::uint64_t number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits)
      number = std::min<std::uint64_t>(number * 10 + static_cast<std::uint64_t>(text[digits] - '0'),
                                       max_ttl);
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    const std::uint64_t unit = text.empty() ? 1 : seconds_in(text.front());
    if (unit == 0) return std::nullopt;
    if (!text.empty()) text.remove_prefix(1);
    total = std::min<std::uint64_t>(total + number * unit, max_ttl);
  }
  return static_cast<std::uint32_t>(total);
}

/// Whether a line has something quoted, escaped or joined in it.
bool has_marks(std::string_view line) {
  return std::ranges::any_of(
      line, [](char c) { return c == '"' || c == '(' || c == ')' || c == ';' || c == '\\'; });
}

/// Octets of `line` that belong together at its beginning: an escape, something quoted, or one
/// octet. 0 when the quote is not closed.
std::size_t size_of_piece(std::string_view line) {
  if (line.front() == '\\') return std::min<std::size_t>(line.size(), 2);
  if (line.front() != '"') return 1;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '"') return i + 1;
    if (line[i] == '\\') ++i;
  }
  return 0;
}

/// Appends the labels of `more`; false when they do not fit.
bool append_name(dns::Name& name, dns::NameView more) {
  for (; !more.is_root(); more = more.parent()) {
    if (!name.append_label(more.first_label())) return false;
  }
  return true;
}

/// A name without its final dot, which may begin with a wildcard. Empty, or what is wrong.
std::string_view read_labels(std::string_view text, dns::Name& name) {
  const bool is_wildcard = text == "*" || text.starts_with("*.");
  if (!is_wildcard) {
    const Domain labels = parse_labels(text);
    name = labels.name;
    return labels.problem;
  }
  // A label like any other here, but not a character of names.
  constexpr std::uint8_t asterisk = '*';
  (void)name.append_label({&asterisk, 1});  // the first one fits
  text.remove_prefix(std::min<std::size_t>(text.size(), 2));
  const Domain labels = parse_labels(text);
  if (!labels.problem.empty()) return labels.problem;
  return append_name(name, labels.name) ? "" : "is longer than 253 characters";
}

/// Whether the final dot is one, and not `\.`, the last octet of a label.
bool is_absolute(std::string_view text) {
  if (!text.ends_with('.')) return false;
  text.remove_suffix(1);
  std::size_t backslashes = 0;
  for (; text.ends_with('\\'); text.remove_suffix(1))
    ++backslashes;
  return backslashes % 2 == 0;
}

bool is_parenthesis(char c) {
  return c == '(' || c == ')';
}

}  // namespace

std::string ZoneRecords::read(std::string_view line) {
  // Nearly every line: one record, nothing quoted, nothing to join.
  if (depth_ == 0 && !has_marks(line)) return parse(line);
  if (auto problem = collect(line); !problem.empty()) {
    pending_.clear();
    depth_ = 0;
    return problem;
  }
  if (depth_ > 0) return {};
  const std::string text = std::move(pending_);
  pending_.clear();
  return parse(text);
}

std::optional<ZoneRecord> ZoneRecords::take() {
  return std::exchange(record_, std::nullopt);
}

/// Adds a line to the record without its comment; parentheses become blanks.
std::string ZoneRecords::collect(std::string_view line) {
  while (!line.empty()) {
    const char c = line.front();
    if (c == ';') break;
    if (c == ')' && depth_ == 0) return "has a ')' without a '('";
    const std::size_t size = size_of_piece(line);
    if (size == 0) return "has a quote that is not closed";
    if (c == '(') ++depth_;
    if (c == ')') --depth_;
    pending_ += is_parenthesis(c) ? std::string_view(" ") : line.substr(0, size);
    line.remove_prefix(size);
  }
  pending_ += ' ';
  if (pending_.size() > max_record_size) return "is a record of more than 65536 octets";
  return {};
}

std::string ZoneRecords::parse(std::string_view text) {
  auto rest = text;
  const bool has_owner = !text.empty() && text.front() != ' ' && text.front() != '\t';
  if (trim(rest).empty()) return {};
  std::string_view owner;
  if (has_owner) owner = take_word(rest);
  if (owner.starts_with('$')) return parse_directive(owner, rest);

  ZoneRecord record;
  if (has_owner) {
    last_owner_.reset();  // what follows must not land at the owner before
    if (auto problem = parse_name(owner, record.owner); !problem.empty())
      return "the owner " + problem;
    last_owner_ = record.owner;
  } else {
    if (!last_owner_) return "has no owner, and the record before it has none either";
    record.owner = *last_owner_;
  }
  if (auto problem = parse_head(rest, record); !problem.empty()) return problem;
  const auto data = take_word(rest);
  if (data.empty()) return "the record has no data";
  if (record.type == "CNAME") {
    if (auto problem = parse_name(data, record.target); !problem.empty())
      return "the target " + problem;
  }
  record.data = data;
  record_ = std::move(record);
  return {};
}

std::string ZoneRecords::parse_directive(std::string_view name, std::string_view rest) {
  const auto word = take_word(rest);
  const std::string directive = upper(name);
  if (directive == "$TTL") {
    const auto ttl = ttl_from_text(word);
    if (!ttl) return "the TTL is none";
    default_ttl_ = *ttl;
    return {};
  }
  if (directive != "$ORIGIN") return "the directive " + excerpt_of(name) + " is not supported";
  dns::Name origin;
  if (auto problem = parse_name(word, origin); !problem.empty()) return "the origin " + problem;
  origin_ = origin;
  if (!has_origin_) first_origin_ = origin;
  has_origin_ = true;
  return {};
}

/// TTL and class, in either order and either of them left out, and the type.
std::string ZoneRecords::parse_head(std::string_view& rest, ZoneRecord& record) const {
  record.ttl = default_ttl_;
  bool has_ttl = false;
  bool has_class = false;
  for (;;) {
    const auto word = take_word(rest);
    if (word.empty()) return "the record has no type";
    if (const auto ttl = ttl_from_text(word); ttl && !has_ttl) {
      record.ttl = *ttl;
      has_ttl = true;
      continue;
    }
    record.type = upper(word);
    if (record.type == "IN" && !has_class) {
      has_class = true;
      continue;
    }
    if (record.type == "CH" || record.type == "HS") return "the class is not IN";
    return {};
  }
}

std::string ZoneRecords::parse_name(std::string_view text, dns::Name& name) const {
  if (text == "@") {
    name = origin_;
    return {};
  }
  if (text == ".") return {};
  if (text.empty()) return "is missing";
  const bool absolute = is_absolute(text);
  if (absolute) text.remove_suffix(1);
  if (const auto problem = read_labels(text, name); !problem.empty()) return std::string(problem);
  return absolute || append_name(name, origin_) ? "" : "is longer than 253 characters";
}

}  // namespace sluice::lists
