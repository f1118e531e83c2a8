// SPDX-License-Identifier: Apache-2.0
#include "config/report.hpp"

#include <algorithm>
#include <utility>

#include "config/yaml.hpp"

namespace sluice::config {
namespace {

bool is_inside(const std::string& path, const std::string& around) {
  if (!path.starts_with(around)) return false;
  return path.size() == around.size() || path[around.size()] == '.' || path[around.size()] == '[';
}

}  // namespace

Report::Report(std::string file, Diagnostics& diagnostics)
    : file_(std::move(file)), diagnostics_(diagnostics), problems_before_(diagnostics.size()) {}

void Report::note(const std::string& path, int line) {
  lines_[path] = line;
}

void Report::add(const std::string& path, std::string message) {
  add_at(line_around(path), path, std::move(message));
}

void Report::add_at(int line, const std::string& path, std::string message) {
  diagnostics_.push_back({file_, line, path, std::move(message)});
}

bool Report::was_written(const std::string& path) const {
  return lines_.contains(path);
}

bool Report::is_sound(const std::string& path) const {
  return std::none_of(diagnostics_.begin() + static_cast<std::ptrdiff_t>(problems_before_),
                      diagnostics_.end(),
                      [&path](const Diagnostic& problem) { return is_inside(problem.path, path); });
}

int Report::line_around(std::string path) const {
  while (true) {
    if (const auto found = lines_.find(path); found != lines_.end()) return found->second;
    if (path.empty()) return 0;
    const std::size_t end = path.find_last_of(".[");
    path.resize(end == std::string::npos ? 0 : end);
  }
}

void Value::complain(const std::string& expected) const {
  report.add(path, "expected " + expected + ", found " + describe(node));
}

std::string join_path(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + '.' + key;
}

std::string join_path(const std::string& path, std::size_t index) {
  return path + '[' + std::to_string(index) + ']';
}

}  // namespace sluice::config
