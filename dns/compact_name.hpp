// SPDX-License-Identifier: Apache-2.0
// A name that is kept by the hundred thousand: 8 octets and those that it has on the heap, where
// Name always has 256.
#pragma once

#include <cstdint>
#include <memory>

#include "dns/name.hpp"

namespace sluice::dns {

/// Made from any name and read as a view; keeps the case.
class CompactName {
 public:
  /// The root, which takes nothing on the heap.
  CompactName() = default;
  CompactName(NameView name) { assign(name); }     // NOLINT(google-explicit-constructor): it is one
  CompactName(const Name& name) { assign(name); }  // NOLINT(google-explicit-constructor): it is one
  CompactName(const CompactName& other) { assign(other); }
  CompactName(CompactName&&) noexcept = default;
  CompactName& operator=(const CompactName& other) {
    if (this != &other) assign(other);
    return *this;
  }
  CompactName& operator=(CompactName&&) noexcept = default;
  ~CompactName() = default;

  operator NameView() const { return view(); }  // NOLINT(google-explicit-constructor): it is one
  /// Finds the end of the name, label by label.
  [[nodiscard]] NameView view() const;

  friend bool operator==(const CompactName& left, const CompactName& right) {
    return left.view() == right.view();
  }

 private:
  void assign(NameView name);

  std::unique_ptr<std::uint8_t[]> wire_;  ///< ends with the root label; null is the root
};

}  // namespace sluice::dns
