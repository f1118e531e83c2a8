// SPDX-License-Identifier: Apache-2.0
// From the events of yaml-cpp's parser to trees, in one pass. The guard sees each event first, so
// that nothing is built beyond its limits. Aliases become copies of what they stand for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"
#include "config/yaml_guard.hpp"

namespace sluice::config {

/// Throws YAML::ParserException where the guard does.
class NodeBuilder : public YAML::EventHandler {
 public:
  /// `text` is what is being parsed; it must outlive the builder.
  explicit NodeBuilder(std::string_view text) : guard_(text) {}

  /// The documents that were read to their end.
  std::vector<Node> take_documents() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  /// A list or mapping whose end has not been seen. It moves to its place when it is complete, so
  /// that nothing refers to what may still move.
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    std::string key = {};  ///< read, and its value not yet
    int key_line = 0;
    bool has_key = false;
  };

  void place(Node node, YAML::anchor_t anchor);
  void close();

  YamlGuard guard_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchored_;  ///< of the current document, complete ones only
  std::vector<Node> documents_;
};

}  // namespace sluice::config
