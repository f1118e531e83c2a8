// SPDX-License-Identifier: Apache-2.0
// Parts that few objects have: 8 octets in all others. A cluster's policies have a hundred
// thousand rules, most of which are a name, an action and some domains.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

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

/// A list that is mostly empty; reads as a vector.
template <typename T>
class RareList {
 public:
  RareList() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is one
  RareList(std::vector<T> items) {
    if (!items.empty()) items_ = std::move(items);
  }
  RareList(std::initializer_list<T> items) : RareList(std::vector<T>(items)) {}

  // NOLINTNEXTLINE(google-explicit-constructor): it is one
  operator const std::vector<T>&() const { return *items_; }
  [[nodiscard]] auto begin() const { return items_->begin(); }
  [[nodiscard]] auto end() const { return items_->end(); }
  [[nodiscard]] std::size_t size() const { return items_->size(); }
  [[nodiscard]] bool empty() const { return !items_.is_given(); }
  [[nodiscard]] const T& operator[](std::size_t position) const { return (*items_)[position]; }

  friend bool operator==(const RareList& left, const std::vector<T>& right) {
    return *left.items_ == right;
  }

 private:
  Rare<std::vector<T>> items_;
};

}  // namespace sluice::filters
