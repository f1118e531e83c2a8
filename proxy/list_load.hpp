// SPDX-License-Identifier: Apache-2.0
// One list while it is being read: a ListReader that tells the log how far it is, and ends early
// when the process does.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "lists/list_reader.hpp"

namespace sluice::proxy {

/// Set when the process ends: whatever is being loaded then is given up.
using StopFlag = std::shared_ptr<std::atomic<bool>>;

/// Lives on the loader's thread.
class ListLoad {
 public:
  ListLoad(std::string name, const lists::ListOptions& options, StopFlag stop);

  /// False: no more is wanted; finish() says why.
  [[nodiscard]] bool feed(std::span<const std::uint8_t> octets);
  /// To be called once, at the end.
  [[nodiscard]] lists::ListResult finish();

 private:
  void show_progress();
  [[nodiscard]] double seconds_since_start() const;

  std::string name_;
  lists::ListReader reader_;
  StopFlag stop_;
  /// When its first octets came: it may have waited for others before.
  std::optional<std::chrono::steady_clock::time_point> start_;
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace sluice::proxy
