// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/movable_clock.hpp"

#include <cstdlib>
#include <fstream>

#include <catch2/catch_test_macros.hpp>

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;

/// Below the directory of this machine's architecture.
fs::path library() {
  for (const auto& architecture : fs::directory_iterator("/usr/lib")) {
    auto file = architecture.path() / "faketime/libfaketimeMT.so.1";
    std::error_code error;
    if (fs::exists(file, error)) return file;
  }
  SKIP("no clock to move: libfaketime is not installed");
  return {};
}

}  // namespace

MovableClock::MovableClock(fs::path file)
    : file_(std::move(file)),
      variables_{{"LD_PRELOAD", library()},
                 {"FAKETIME_TIMESTAMP_FILE", file_.string()},
                 {"FAKETIME_NO_CACHE", "1"},
                 {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}} {
  move("+0");
  for (const auto& [name, value] : variables_)
    setenv(name.c_str(), value.c_str(), 1);
}

MovableClock::~MovableClock() {
  apply_to_nothing_else();
}

void MovableClock::move(const std::string& offset) const {
  std::ofstream(file_) << offset << '\n';
}

void MovableClock::apply_to_nothing_else() const {
  for (const auto& [name, value] : variables_)
    unsetenv(name.c_str());
}

}  // namespace sluice::tests
