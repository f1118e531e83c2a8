// SPDX-License-Identifier: Apache-2.0
// What stands between yaml-cpp's parser and the rest: a look at the bytes before parsing, and a
// listener to the parser's events that stops it before a node is built. A file of a few lines can
// expand to billions of nodes through aliases, or contain itself; neither gets past here.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace sluice::config {

/// 4 MiB: some ten thousand policies in one file, while an API server takes 1.5 MiB for one object.
/// It also bounds what yaml-cpp's scanner holds: up to 230 octets for each octet of `[[[[`.
constexpr std::size_t max_yaml_octets = 4U << 20;
/// Our deepest field is at level 12; yaml-cpp itself recurses on every level.
constexpr std::size_t max_yaml_depth = 64;
/// All documents together. A node costs yaml-cpp about 300 octets.
constexpr std::size_t max_yaml_nodes = 500'000;

/// A character that has no place in a YAML text, and where it stands.
struct BadCharacter {
  int line;  ///< 1-based
  std::string message;
};

/// The first octets that are not UTF-8, or a control character. yaml-cpp 0.7 does not look at
/// either, and takes U+0004 for the end of the file: what follows would silently have no effect.
std::optional<BadCharacter> find_bad_character(std::string_view text);

/// Follows the events of one parse and throws YAML::ParserException, with a message for people, at
/// the first thing that goes beyond a limit or that two readers could understand differently.
class YamlGuard : public YAML::EventHandler {
 public:
  /// `text` is what is being parsed; it must outlive the guard.
  explicit YamlGuard(std::string_view text);

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
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
  enum class Kind : bool { sequence, mapping };

  /// How much walking an anchored node costs whoever follows an alias to it.
  struct Extent {
    std::size_t nodes;
    std::size_t height;
  };

  /// A sequence or mapping whose end has not been seen.
  struct Open {
    Kind kind;
    YAML::anchor_t anchor;
    std::size_t nodes_before;
    std::size_t height = 1;
    bool key_is_next = true;  // of a mapping
    std::set<std::string, std::less<>> keys = {};
  };

  bool expects_key() const;
  void take_key(const YAML::Mark& mark, const std::string& key);
  void refuse_as_key(const YAML::Mark& mark, const char* what) const;
  void take_node(const YAML::Mark& mark, Extent extent);
  void open(const YAML::Mark& mark, Kind kind, YAML::anchor_t anchor);
  void close();

  std::vector<std::size_t> line_starts_;
  std::string_view text_;
  std::size_t documents_ = 0;
  std::size_t nodes_ = 0;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Extent> anchored_;  // of the current document, complete ones only
};

}  // namespace sluice::config
