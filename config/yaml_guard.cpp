// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_guard.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace sluice::config {
namespace {

constexpr std::size_t invalid_sequence = 0;

/// Well-formed UTF-8 by lead octet (Unicode table 3-7): length, and the range of the second octet,
/// which is what excludes overlong forms, surrogates and values above U+10FFFF.
struct LeadOctet {
  unsigned char first, last;
  std::size_t length;
  unsigned char second_low, second_high;
};
constexpr std::array lead_octets = {
    LeadOctet{0xC2, 0xDF, 2, 0x80, 0xBF}, LeadOctet{0xE0, 0xE0, 3, 0xA0, 0xBF},
    LeadOctet{0xE1, 0xEC, 3, 0x80, 0xBF}, LeadOctet{0xED, 0xED, 3, 0x80, 0x9F},
    LeadOctet{0xEE, 0xEF, 3, 0x80, 0xBF}, LeadOctet{0xF0, 0xF0, 4, 0x90, 0xBF},
    LeadOctet{0xF1, 0xF3, 4, 0x80, 0xBF}, LeadOctet{0xF4, 0xF4, 4, 0x80, 0x8F},
};

unsigned char octet_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

/// Octets of the well-formed sequence at the front of `text`, or invalid_sequence.
std::size_t sequence_length(std::string_view text) {
  const unsigned char lead = octet_at(text, 0);
  if (lead < 0x80) return 1;
  const auto* row = std::find_if(lead_octets.begin(), lead_octets.end(), [lead](const auto& r) {
    return lead >= r.first && lead <= r.last;
  });
  if (row == lead_octets.end() || text.size() < row->length) return invalid_sequence;
  const unsigned char second = octet_at(text, 1);
  if (second < row->second_low || second > row->second_high) return invalid_sequence;
  for (std::size_t i = 2; i < row->length; ++i) {
    if ((octet_at(text, i) & 0xC0U) != 0x80U) return invalid_sequence;
  }
  return row->length;
}

/// YAML 1.2 5.1: of the C0 controls only tab, line feed and carriage return are printable.
bool is_forbidden_control(unsigned char octet) {
  if (octet == '\t' || octet == '\n' || octet == '\r') return false;
  return octet < 0x20 || octet == 0x7F;
}

std::string code_point(unsigned char octet) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(octet));
  return text.data();
}

std::vector<std::size_t> find_line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    starts.push_back(i + 1);
  }
  return starts;
}

}  // namespace

std::optional<BadCharacter> find_bad_character(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const unsigned char octet = octet_at(text, 0);
    if (length == invalid_sequence) return BadCharacter{line, "the text is not valid UTF-8"};
    if (is_forbidden_control(octet)) {
      return BadCharacter{line, "the control character " + code_point(octet) +
                                    " is not allowed in YAML; write it as an escape in double "
                                    "quotes if it is meant"};
    }
    if (octet == '\n') ++line;
    text.remove_prefix(length);
  }
  return std::nullopt;
}

YamlGuard::YamlGuard(std::string_view text) : line_starts_(find_line_starts(text)), text_(text) {}

void YamlGuard::OnDocumentStart(const YAML::Mark& mark) {
  anchored_.clear();
  if (++documents_ == 1) return;
  // yaml-cpp takes whatever is left behind a complete node for a further document.
  const auto line = static_cast<std::size_t>(mark.line);
  if (line < line_starts_.size() && text_.substr(line_starts_[line]).starts_with("---")) return;
  throw YAML::ParserException(mark,
                              "unexpected text after the end of the document; a further document "
                              "starts with a line '---'");
}

void YamlGuard::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  refuse_as_key(mark, "nothing");
  take_node(mark, {1, 1});
  if (anchor != YAML::NullAnchor) anchored_[anchor] = {1, 1};
}

void YamlGuard::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  refuse_as_key(mark, "an alias");
  const auto target = anchored_.find(anchor);
  if (target == anchored_.end()) {
    throw YAML::ParserException(mark, "an alias must not stand inside the node that it names");
  }
  take_node(mark, target->second);
}

void YamlGuard::OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         const std::string& value) {
  if (expects_key()) {
    take_key(mark, value);
  } else {
    take_node(mark, {1, 1});
  }
  if (anchor != YAML::NullAnchor) anchored_[anchor] = {1, 1};
}

void YamlGuard::OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                                YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
  refuse_as_key(mark, "a list");
  open(mark, Kind::sequence, anchor);
}

void YamlGuard::OnSequenceEnd() {
  close();
}

void YamlGuard::OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/,
                           YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
  refuse_as_key(mark, "a mapping");
  open(mark, Kind::mapping, anchor);
}

void YamlGuard::OnMapEnd() {
  close();
}

bool YamlGuard::expects_key() const {
  return !open_.empty() && open_.back().kind == Kind::mapping && open_.back().key_is_next;
}

void YamlGuard::take_key(const YAML::Mark& mark, const std::string& key) {
  Open& mapping = open_.back();
  if (!mapping.keys.insert(key).second) {
    throw YAML::ParserException(mark, "the key '" + key + "' stands twice in the same mapping");
  }
  mapping.key_is_next = false;
}

void YamlGuard::refuse_as_key(const YAML::Mark& mark, const char* what) const {
  if (!expects_key()) return;
  throw YAML::ParserException(mark, std::string("expected a string as key, found ") + what);
}

void YamlGuard::take_node(const YAML::Mark& mark, Extent extent) {
  nodes_ += extent.nodes;
  if (nodes_ > max_yaml_nodes) {
    throw YAML::ParserException(mark, "more than " + std::to_string(max_yaml_nodes) +
                                          " values; each use of an alias counts as often as the "
                                          "values that it stands for");
  }
  if (open_.size() + extent.height > max_yaml_depth) {
    throw YAML::ParserException(mark, "lists and mappings are nested more than " +
                                          std::to_string(max_yaml_depth) + " levels deep");
  }
  if (open_.empty()) return;
  open_.back().height = std::max(open_.back().height, extent.height + 1);
  open_.back().key_is_next = true;
}

void YamlGuard::open(const YAML::Mark& mark, Kind kind, YAML::anchor_t anchor) {
  const std::size_t nodes_before = nodes_;
  take_node(mark, {1, 1});
  open_.push_back({.kind = kind, .anchor = anchor, .nodes_before = nodes_before});
}

void YamlGuard::close() {
  const Open closed = std::move(open_.back());
  open_.pop_back();
  if (!open_.empty()) open_.back().height = std::max(open_.back().height, closed.height + 1);
  if (closed.anchor == YAML::NullAnchor) return;
  anchored_[closed.anchor] = {nodes_ - closed.nodes_before, closed.height};
}

}  // namespace sluice::config
