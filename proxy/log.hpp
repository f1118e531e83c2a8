// SPDX-License-Identifier: Apache-2.0
// Structured logging to stderr: a message that never changes and fields that do.
//
//   log::info("policies loaded", {{"objects", 12}, {"generation", 3}});
//
//   {"time":"2025-03-01T12:00:00.125Z","level":"info","message":"policies loaded","objects":12,...}
//   2025-03-01T12:00:00.125Z info policies loaded objects=12 generation=3
//
// A line is at most 4 kB of valid UTF-8 without control characters, whatever is in the fields. A
// line is written before the call returns, so nothing on the query path may log.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace sluice::proxy::log {

/// What a field holds. Text is not copied: it has to live until the call returns.
using Value = std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view>;

struct Field {
  Field(std::string_view field_key, std::convertible_to<std::string_view> auto const& text)
      : key(field_key), value(std::string_view(text)) {}
  Field(std::string_view field_key, bool flag) : key(field_key), value(flag) {}
  Field(std::string_view field_key, std::signed_integral auto number)
      : key(field_key), value(std::int64_t{number}) {}
  Field(std::string_view field_key, std::unsigned_integral auto number)
      : key(field_key), value(std::uint64_t{number}) {}
  Field(std::string_view field_key, double number) : key(field_key), value(number) {}

  std::string_view key;  ///< a literal; `time`, `level` and `message` are taken
  Value value;
};
using Fields = std::initializer_list<Field>;

/// Until then: everything from `info` on, as JSON. Call before other threads log.
void configure(const config::Log& settings);

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warn(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

/// While it lives, lines are kept instead of being written: for tests. Make and destroy it while
/// no other thread logs.
class Capture {
 public:
  Capture();
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  /// The last 1000 lines, without line ends.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::proxy::log
