// SPDX-License-Identifier: Apache-2.0
// A vector of objects that others hold too: made anew after every change of policy, it copies
// pointers and no object.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include <boost/iterator/indirect_iterator.hpp>

namespace sluice::filters {

/// Reads as a vector of objects that never change.
template <typename Object>
class Shared {
 public:
  using Pointer = std::shared_ptr<const Object>;

  Shared() = default;
  Shared(std::initializer_list<Object> objects) : Shared(std::vector<Object>(objects)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): it is one, for whoever has no use for sharing
  Shared(std::vector<Object> objects) {
    for (Object& object : objects)
      push_back(std::move(object));
  }

  void push_back(Object object) {
    pointers_.push_back(std::make_shared<const Object>(std::move(object)));
  }
  /// Not null.
  void push_back(Pointer object) { pointers_.push_back(std::move(object)); }

  [[nodiscard]] auto begin() const { return boost::make_indirect_iterator(pointers_.begin()); }
  [[nodiscard]] auto end() const { return boost::make_indirect_iterator(pointers_.end()); }
  [[nodiscard]] const Object& operator[](std::size_t position) const {
    return *pointers_[position];
  }
  [[nodiscard]] std::size_t size() const { return pointers_.size(); }

  [[nodiscard]] const std::vector<Pointer>& pointers() const { return pointers_; }

 private:
  std::vector<Pointer> pointers_;
};

}  // namespace sluice::filters
