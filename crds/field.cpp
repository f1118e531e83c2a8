// SPDX-License-Identifier: Apache-2.0
#include "crds/field.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/yaml.hpp"

namespace sluice::crds {
namespace {

/// Names in paths come from the file: long ones would drown the message.
constexpr std::size_t max_step_octets = 80;

/// The words that YAML 1.1 reads as booleans.
constexpr std::array<std::string_view, 22> boolean_words = {
    "y",   "Y",   "n",  "N",  "true", "True", "TRUE", "false", "False", "FALSE", "yes",
    "Yes", "YES", "no", "No", "NO",   "on",   "On",   "ON",    "off",   "Off",   "OFF"};

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

bool is_integer(std::string_view text) {
  text = without_sign(text);
  // With leading zeros YAML 1.1 reads an octal number, YAML 1.2 a decimal one: neither is wanted.
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Anything else that some YAML reader takes for a number.
bool is_number(std::string_view text) {
  text = without_sign(text);
  if (text.empty()) return false;
  if (text.starts_with("0x"))
    return text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos;
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Words such as `inf` and `nan` are numbers to from_chars only.
  const bool begins_like_one = text.front() == '.' || (text.front() >= '0' && text.front() <= '9');
  return ec != std::errc::invalid_argument && end == text.data() + text.size() && begins_like_one;
}

/// A path is one short line, whatever the names in it.
void append_printable(std::string_view name, std::string& path) {
  for (const char c : name.substr(0, max_step_octets))
    path += c < ' ' || c > '~' ? '?' : c;
  if (name.size() > max_step_octets) path += "...";
}

/// The path of a field of the mapping at `path`: `.name`, or `[name]` for label keys and whatever
/// else would be ambiguous behind a dot.
std::string path_to(const std::string& path, std::string_view name) {
  const bool is_ambiguous = name.find_first_of("./:[] ") != std::string_view::npos;
  std::string longer;
  longer.reserve(path.size() + name.size() + 2);
  longer = path;
  if (is_ambiguous)
    longer += '[';
  else if (!path.empty())
    longer += '.';
  append_printable(name, longer);
  if (is_ambiguous) longer += ']';
  return longer;
}

}  // namespace

void Report::add(int line, const std::string& path, std::string message) {
  if (is_full()) return;
  diagnostics_.push_back(
      {.file = file_, .line = line, .path = path, .message = std::move(message)});
  if (is_full()) diagnostics_.back().message += " (further problems of this object are not shown)";
}

bool Report::has_problem_at(const std::string& path) const {
  return std::any_of(diagnostics_.begin() + static_cast<std::ptrdiff_t>(first_), diagnostics_.end(),
                     [&path](const config::Diagnostic& problem) { return problem.path == path; });
}

bool Report::has_problem_within(const std::string& path) const {
  const auto is_within = [&path](const config::Diagnostic& problem) {
    if (!problem.path.starts_with(path)) return false;
    const char next = problem.path.size() > path.size() ? problem.path[path.size()] : '.';
    return next == '.' || next == '[';
  };
  return is_full() || std::any_of(diagnostics_.begin() + static_cast<std::ptrdiff_t>(first_),
                                  diagnostics_.end(), is_within);
}

ScalarKind scalar_kind(const config::Node& node) {
  if (node.is_null()) return ScalarKind::null;
  if (!node.is_plain()) return ScalarKind::string;
  const std::string& text = node.text();
  if (std::find(boolean_words.begin(), boolean_words.end(), text) != boolean_words.end())
    return ScalarKind::boolean;
  if (is_integer(text)) return ScalarKind::integer;
  return is_number(text) ? ScalarKind::number : ScalarKind::string;
}

Field::Field(config::Node* node, std::string path, Report& report, int parent_line)
    : node_(node), path_(std::move(path)), report_(&report) {
  const int own_line = this->node().line();
  // A missing value would be placed where the next thing begins.
  const bool has_line = own_line > 0 && !this->node().is_null();
  line_ = has_line || parent_line == 0 ? own_line : parent_line;
}

const config::Node& Field::node() const {
  static const config::Node missing;
  return node_ == nullptr ? missing : *node_;
}

std::string_view Field::name() const {
  std::string_view name = path_;
  if (name.ends_with(']')) name = name.substr(0, name.rfind('['));
  return name.substr(name.rfind('.') + 1);
}

Field Field::child(const std::string& name) const {
  return {node_ == nullptr ? nullptr : node_->find(name), path_to(path_, name), *report_, line_};
}

std::vector<Field> Field::items() const {
  std::vector<Field> fields;
  if (node_ == nullptr) return fields;
  fields.reserve(node_->size());
  for (config::Node& item : node_->items()) {
    std::string path = path_ + '[' + std::to_string(fields.size()) + ']';
    fields.push_back(Field(&item, std::move(path), *report_, line_));
  }
  return fields;
}

std::vector<Field::Entry> Field::entries() const {
  std::vector<Entry> entries;
  if (node_ == nullptr) return entries;
  entries.reserve(node_->size());
  for (auto& [name, line, value] : node_->members()) {
    entries.push_back({name, line, Field(&value, path_to(path_, name), *report_, line)});
  }
  return entries;
}

std::optional<std::string> Field::text() const {
  if (!node().is_scalar() || scalar_kind(node()) != ScalarKind::string) return std::nullopt;
  return node().text();
}

std::optional<std::int64_t> Field::integer() const {
  if (!node().is_scalar() || scalar_kind(node()) != ScalarKind::integer) return std::nullopt;
  std::string_view digits = node().text();
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (ec != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

void Field::insert(const std::string& name, config::Node value) const {
  node_->add_member(name, std::move(value));
}

void Field::reject_value(const std::string& expected) const {
  reject("found " + describe_value(node()) + ", expected " + expected);
}

std::string describe_value(const config::Node& node) {
  if (node.is_scalar() && scalar_kind(node) == ScalarKind::boolean)
    return "the boolean " + node.text();
  return config::describe(node);
}

}  // namespace sluice::crds
