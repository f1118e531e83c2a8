// SPDX-License-Identifier: Apache-2.0
// Which versions of which objects there are, as one number: two watchers have the same objects of a
// kind, each in the same generation, exactly when their revisions are equal. It does not depend on
// the order in which they came, nor on resource versions, which no two watchers need see the same
// of, and costs one hash for each change (docs/adr/0015).
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kubernetes/object_store.hpp"
#include "kubernetes/object_tree.hpp"

namespace sluice::kubernetes {

/// A sum of hashes, 128 bits wide. That of nothing is 0.
class Revision {
 public:
  void add(std::string_view version);
  void remove(std::string_view version);
  auto operator<=>(const Revision&) const = default;

  /// 32 hexadecimal digits.
  [[nodiscard]] std::string text() const;
  static std::optional<Revision> from_text(std::string_view text);

 private:
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

/// Takes one change of an object into account.
void apply(const Change& change, Revision& revision);

/// Of every kind that has been seen to have objects.
using Revisions = std::map<std::string, Revision>;

/// Of policies; nothing is kept of other kinds.
void apply(const ObjectType& type, const Changes& changes, Revisions& revisions);

}  // namespace sluice::kubernetes
