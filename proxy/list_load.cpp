// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_load.hpp"

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds progress_interval{1};

}  // namespace

ListLoad::ListLoad(std::string name, const lists::ListOptions& options, StopFlag stop)
    : name_(std::move(name)), reader_(options), stop_(std::move(stop)) {}

bool ListLoad::feed(std::span<const std::uint8_t> octets) {
  if (*stop_) return false;
  if (!start_) start_ = shown_ = Clock::now();
  show_progress();
  return reader_.feed(octets);
}

lists::ListResult ListLoad::finish() {
  if (*stop_) return lists::ListRefusal{"the process ends"};
  auto result = reader_.finish();
  if (!result) return result;
  log::info("list loaded", {{"list", name_},
                            {"names", result->names->size()},
                            {"badLines", result->bad_line_count},
                            {"skippedLines", result->skipped_count},
                            {"octets", result->names->memory()},
                            {"seconds", seconds_since_start()}});
  for (const lists::BadLine& bad : result->bad_lines) {
    log::warn(
        "bad line in a list, it has no effect",
        {{"list", name_}, {"line", bad.number}, {"problem", bad.reason}, {"text", bad.excerpt}});
  }
  return result;
}

double ListLoad::seconds_since_start() const {
  return start_ ? std::chrono::duration<double>(Clock::now() - *start_).count() : 0;
}

void ListLoad::show_progress() {
  const auto now = Clock::now();
  if (now - shown_ < progress_interval) return;
  shown_ = now;
  log::info("loading a list", {{"list", name_},
                               {"lines", reader_.line_count()},
                               {"names", reader_.entry_count()},
                               {"seconds", seconds_since_start()}});
}

}  // namespace sluice::proxy
