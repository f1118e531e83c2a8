// SPDX-License-Identifier: Apache-2.0
// A part that few objects have: 8 octets in all others. A cluster's policies have a hundred
// thousand rules, most of which are a name, an action and some domains.
#pragma once

#include <memory>
#include <utility>

namespace sluice::filters {

/// Reads as T() until something was assigned. Copies are deep.
template <typename T>
class Rare {
 public:
  Rare() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is one
  Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) { return *this = Rare(other); }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  [[nodiscard]] bool is_given() const { return value_ != nullptr; }
  [[nodiscard]] const T& operator*() const {
    static const T nothing{};
    return value_ ? *value_ : nothing;
  }
  [[nodiscard]] const T* operator->() const { return &**this; }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace sluice::filters
