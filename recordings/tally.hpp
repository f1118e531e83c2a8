// SPDX-License-Identifier: Apache-2.0
// How often who asked for what. Recordings have many queries and few different ones, so this is
// what fits into memory of a recording that does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "recordings/recorded_query.hpp"

namespace sluice::recordings {

class Tally {
 public:
  /// A million different questions take about 150 MB; what is new beyond that is only counted.
  static constexpr std::size_t default_capacity = 1'000'000;

  explicit Tally(std::size_t capacity = default_capacity) : capacity_(capacity) {}

  void add(const RecordedQuery& query);

  struct Entry {
    const RecordedClient& client;
    dns::NameView name;  ///< canonical
    dns::Type type;
    const std::optional<RecordedVerdict>& verdict;
    std::optional<dns::Rcode> rcode;
    std::uint64_t count;
  };
  /// Calls for every different question. References live as long as the tally does not change.
  void for_each(const std::function<void(const Entry&)>& visit) const;

  /// Queries that there was no room for.
  [[nodiscard]] std::uint64_t overflowed() const { return overflowed_; }

 private:
  struct Key {
    const RecordedClient* client;                   ///< in clients_
    const std::optional<RecordedVerdict>* verdict;  ///< in verdicts_
    std::optional<dns::Rcode> rcode;
    dns::Type type;
    std::string name;  ///< wire form
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };

  std::size_t capacity_;
  std::set<RecordedClient> clients_;
  std::set<std::optional<RecordedVerdict>> verdicts_;
  std::unordered_map<Key, std::uint64_t, KeyHash> counts_;
  std::uint64_t overflowed_ = 0;
};

}  // namespace sluice::recordings
