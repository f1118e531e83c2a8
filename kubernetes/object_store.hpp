// SPDX-License-Identifier: Apache-2.0
// The objects of one kind as last seen, and what changed. A relist replaces them: what it does not
// have any more is told as deleted, and there is never an empty set in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "kubernetes/object.hpp"

namespace sluice::kubernetes {

enum class ChangeKind : std::uint8_t { added, updated, deleted };

struct Change {
  ChangeKind kind = ChangeKind::added;
  ObjectPointer object;  ///< of a deletion: the last state known
  /// What was there before an update, or an event of a deletion, which may have a newer state.
  ObjectPointer previous;
};

using Changes = std::vector<Change>;

/// Objects by namespace and name; not for several threads.
class ObjectStore {
 public:
  struct ByName {
    using is_transparent = void;
    using Name = std::pair<std::string_view, std::string_view>;
    static Name name_of(const ObjectPointer& object) {
      return {object->namespace_name, object->name};
    }
    static Name name_of(Name name) { return name; }
    template <typename Left, typename Right>
    bool operator()(const Left& left, const Right& right) const {
      return name_of(left) < name_of(right);
    }
  };
  using Objects = std::set<ObjectPointer, ByName>;

  /// Adds or updates. An object under the name of one with another uid is not its next version: the
  /// old one is told as deleted, then the new one as added.
  void put(ObjectPointer object, Changes& changes);
  /// Does nothing when the object is not there, or is there with another uid already.
  void remove(const ObjectPointer& object, Changes& changes);
  /// Makes `objects` the whole content. Deletions come first, so that what an object held (a pod
  /// its address) is free when its next owner comes.
  [[nodiscard]] Changes replace(const std::vector<ObjectPointer>& objects);

  /// Null when there is none.
  [[nodiscard]] ObjectPointer find(std::string_view namespace_name, std::string_view name) const;
  [[nodiscard]] const Objects& objects() const { return objects_; }
  [[nodiscard]] std::size_t size() const { return objects_.size(); }

 private:
  Objects objects_;
};

}  // namespace sluice::kubernetes
