// SPDX-License-Identifier: Apache-2.0
// What is watched, as crds::Loader takes it: made anew for an object that changed, and the same for
// all others, so that one change costs one change (docs/adr/0016).
#pragma once

#include <set>
#include <string_view>

#include "crds/manifest.hpp"
#include "kubernetes/object_store.hpp"
#include "kubernetes/object_tree.hpp"

namespace sluice::kubernetes {

/// Not for several threads.
class PolicySources {
 public:
  void apply(const ObjectType& type, const Changes& changes);
  /// By their paths.
  [[nodiscard]] crds::Sources all() const;

 private:
  struct ByPath {
    using is_transparent = void;
    static std::string_view path_of(const crds::Sources::Pointer& source) { return source->path; }
    static std::string_view path_of(std::string_view path) { return path; }
    template <typename Left, typename Right>
    bool operator()(const Left& left, const Right& right) const {
      return path_of(left) < path_of(right);
    }
  };

  std::set<crds::Sources::Pointer, ByPath> sources_;
};

}  // namespace sluice::kubernetes
