// SPDX-License-Identifier: Apache-2.0
// One line on a terminal that shows that a command is still at work, and how far it is. Nothing
// where nobody looks: standard error is no terminal, or the work is done within a second.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

namespace sluice::commands {

/// Begins with the object and ends with it. The line is written by a thread of its own, so that the
/// work only counts.
class Progress {
 public:
  /// `what` is "reading files". `total` 0: nobody knows how many there will be.
  explicit Progress(std::string what, std::size_t total = 0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One more is done.
  void advance() { done_.fetch_add(1, std::memory_order_relaxed); }

  /// "reading files: 4000 of 10000", "reading queries: 4000", or just what is being done.
  [[nodiscard]] std::string line() const;

 private:
  void show();

  std::string what_;
  std::size_t total_;
  std::atomic<std::size_t> done_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace sluice::commands
