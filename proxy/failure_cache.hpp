// SPDX-License-Identifier: Apache-2.0
// Questions that could not be resolved a moment ago (RFC 9520): asking again at once would only add
// to the trouble. Small, fixed and forgetful: a question may lose its place to another, which costs
// one attempt more.
#pragma once

#include <array>
#include <cstdint>

#include "proxy/clock.hpp"

namespace sluice::proxy {

class FailureCache {
 public:
  /// RFC 9520 3.2 wants at least a second; no more, so that an upstream's return is noticed at
  /// once.
  static constexpr std::chrono::seconds lifetime{1};

  void insert(std::uint64_t key_hash, TimePoint now) {
    place(key_hash) = {key_hash, now + lifetime};
  }
  [[nodiscard]] bool contains(std::uint64_t key_hash, TimePoint now) const {
    const Place& found = places_[key_hash % places_.size()];
    return found.key_hash == key_hash && now < found.until;
  }
  void erase(std::uint64_t key_hash) {
    if (place(key_hash).key_hash == key_hash) place(key_hash) = {};
  }

 private:
  struct Place {
    std::uint64_t key_hash = 0;
    TimePoint until;
  };
  Place& place(std::uint64_t key_hash) { return places_[key_hash % places_.size()]; }

  std::array<Place, 4096> places_{};
};

}  // namespace sluice::proxy
