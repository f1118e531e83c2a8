// SPDX-License-Identifier: Apache-2.0
#include "commands/progress.hpp"

#include <chrono>
#include <iostream>
#include <utility>

#include <unistd.h>

namespace sluice::commands {
namespace {

/// Whoever has not waited for a second does not wonder yet.
constexpr std::chrono::seconds interval{1};

}  // namespace

Progress::Progress(std::string what, std::size_t total) : what_(std::move(what)), total_(total) {
  if (isatty(STDERR_FILENO) != 0) thread_ = std::thread([this] { show(); });
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  ended_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::string Progress::line() const {
  const std::size_t done = done_.load(std::memory_order_relaxed);
  if (total_ == 0 && done == 0) return what_;
  const std::string text = what_ + ": " + std::to_string(done);
  return total_ == 0 ? text : text + " of " + std::to_string(total_);
}

void Progress::show() {
  std::unique_lock lock(mutex_);
  bool has_shown = false;
  while (!ended_.wait_for(lock, interval, [this] { return is_over_; })) {
    std::cerr << "\r\x1b[K" << line() << std::flush;
    has_shown = true;
  }
  if (has_shown) std::cerr << "\r\x1b[K" << std::flush;  // the line makes room for the outcome
}

}  // namespace sluice::commands
