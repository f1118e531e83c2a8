// SPDX-License-Identifier: Apache-2.0
// A document as a tree of values, whatever it was written in: YAML files and the API server's JSON
// come to their readers in this one form. A value owns what is in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::config {

class Node {
 public:
  struct Member;

  /// A value that is not there.
  Node();
  // Not here: they need Member, which is a Node's part and has a Node for a part.
  Node(const Node& other);
  Node(Node&& other) noexcept;
  Node& operator=(const Node& other);
  Node& operator=(Node&& other) noexcept;
  ~Node();

  static Node null(int line = 0);
  /// Without quotes: the text decides whether it is a number, a boolean or a string.
  static Node plain(std::string text, int line = 0);
  /// In quotes: a string, whatever its text.
  static Node string(std::string text, int line = 0);
  static Node list(int line = 0);
  static Node mapping(int line = 0);

  [[nodiscard]] bool is_defined() const { return kind_ != Kind::undefined; }
  [[nodiscard]] bool is_null() const { return kind_ == Kind::null; }
  [[nodiscard]] bool is_scalar() const { return is_plain() || kind_ == Kind::string; }
  [[nodiscard]] bool is_plain() const { return kind_ == Kind::plain; }
  [[nodiscard]] bool is_list() const { return kind_ == Kind::list; }
  [[nodiscard]] bool is_mapping() const { return kind_ == Kind::mapping; }

  /// 1-based line where the value starts; 0 when it stands on none. YAML places an empty value at
  /// the text that follows it, so a problem with "nothing" is better reported at its key.
  [[nodiscard]] int line() const { return line_; }
  /// Of a scalar; empty for all else.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Of a list; empty for all else.
  [[nodiscard]] const std::vector<Node>& items() const { return items_; }
  [[nodiscard]] std::vector<Node>& items() { return items_; }
  /// Of a mapping, in the order in which they stand there; empty for all else.
  [[nodiscard]] const std::vector<Member>& members() const { return members_; }
  [[nodiscard]] std::vector<Member>& members() { return members_; }
  /// Items or members.
  [[nodiscard]] std::size_t size() const;

  /// The member of that name, or a value that is not there.
  [[nodiscard]] const Node& operator[](std::string_view name) const;
  [[nodiscard]] Node* find(std::string_view name);
  /// References to what is inside a list or a mapping become invalid by adding to it.
  Node& add_item(Node item);
  Node& add_member(std::string name, Node value, int line = 0);

 private:
  enum class Kind : std::uint8_t { undefined, null, plain, string, list, mapping };
  Node(Kind kind, std::string text, int line);

  Kind kind_ = Kind::undefined;
  int line_ = 0;
  std::string text_;
  std::vector<Node> items_;
  std::vector<Member> members_;
};

struct Node::Member {
  std::string name;
  int line;  ///< of the name
  Node value;
};

}  // namespace sluice::config
