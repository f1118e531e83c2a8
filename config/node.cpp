// SPDX-License-Identifier: Apache-2.0
#include "config/node.hpp"

#include <algorithm>
#include <utility>

namespace sluice::config {

Node::Node() = default;
Node::Node(const Node& other) = default;
Node::Node(Node&& other) noexcept = default;
Node& Node::operator=(const Node& other) = default;
Node& Node::operator=(Node&& other) noexcept = default;
Node::~Node() = default;

Node::Node(Kind kind, std::string text, int line)
    : kind_(kind), line_(line), text_(std::move(text)) {}

std::size_t Node::size() const {
  return items_.size() + members_.size();
}

Node Node::null(int line) {
  return {Kind::null, {}, line};
}

Node Node::plain(std::string text, int line) {
  return {Kind::plain, std::move(text), line};
}

Node Node::string(std::string text, int line) {
  return {Kind::string, std::move(text), line};
}

Node Node::list(int line) {
  return {Kind::list, {}, line};
}

Node Node::mapping(int line) {
  return {Kind::mapping, {}, line};
}

const Node& Node::operator[](std::string_view name) const {
  static const Node missing;
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [name](const Member& member) { return member.name == name; });
  return found == members_.end() ? missing : found->value;
}

Node* Node::find(std::string_view name) {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [name](const Member& member) { return member.name == name; });
  return found == members_.end() ? nullptr : &found->value;
}

Node& Node::add_item(Node item) {
  return items_.emplace_back(std::move(item));
}

Node& Node::add_member(std::string name, Node value, int line) {
  return members_.emplace_back(Member{std::move(name), line, std::move(value)}).value;
}

}  // namespace sluice::config
