// SPDX-License-Identifier: Apache-2.0
#include "config/node_builder.hpp"

#include <utility>

namespace sluice::config {
namespace {

int line_at(const YAML::Mark& mark) {
  return mark.line + 1;
}

/// What yaml-cpp calls the tag of a scalar without quotes and without a tag.
constexpr const char* plain_tag = "?";

}  // namespace

void NodeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  guard_.OnDocumentStart(mark);
  anchored_.clear();
  documents_.emplace_back();
}

void NodeBuilder::OnDocumentEnd() {
  guard_.OnDocumentEnd();
}

void NodeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  guard_.OnNull(mark, anchor);
  place(Node::null(line_at(mark)), anchor);
}

void NodeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  guard_.OnAlias(mark, anchor);
  place(anchored_.at(anchor), YAML::NullAnchor);
}

void NodeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  guard_.OnScalar(mark, tag, anchor, value);
  Node node =
      tag == plain_tag ? Node::plain(value, line_at(mark)) : Node::string(value, line_at(mark));
  if (!open_.empty() && open_.back().node.is_mapping() && !open_.back().has_key) {
    if (anchor != YAML::NullAnchor) anchored_[anchor] = std::move(node);
    open_.back().key = value;
    open_.back().key_line = line_at(mark);
    open_.back().has_key = true;
  } else {
    place(std::move(node), anchor);
  }
}

void NodeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
  guard_.OnSequenceStart(mark, tag, anchor, style);
  open_.push_back({.node = Node::list(line_at(mark)), .anchor = anchor});
}

void NodeBuilder::OnSequenceEnd() {
  guard_.OnSequenceEnd();
  close();
}

void NodeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value style) {
  guard_.OnMapStart(mark, tag, anchor, style);
  open_.push_back({.node = Node::mapping(line_at(mark)), .anchor = anchor});
}

void NodeBuilder::OnMapEnd() {
  guard_.OnMapEnd();
  close();
}

void NodeBuilder::close() {
  Open closed = std::move(open_.back());
  open_.pop_back();
  place(std::move(closed.node), closed.anchor);
}

void NodeBuilder::place(Node node, YAML::anchor_t anchor) {
  if (anchor != YAML::NullAnchor) anchored_[anchor] = node;
  if (open_.empty()) {
    documents_.back() = std::move(node);
  } else if (open_.back().node.is_list()) {
    open_.back().node.add_item(std::move(node));
  } else {
    Open& mapping = open_.back();
    mapping.node.add_member(std::move(mapping.key), std::move(node), mapping.key_line);
    mapping.has_key = false;
  }
}

}  // namespace sluice::config
