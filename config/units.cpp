// SPDX-License-Identifier: Apache-2.0
#include "config/units.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace sluice::config {
namespace {

struct Unit {
  std::string_view suffix;
  std::uint64_t factor;
};

constexpr std::array time_units = {Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                                   Unit{"ms", 1}};
constexpr std::array size_units = {
    Unit{"Ti", 1ULL << 40},
    Unit{"Gi", 1ULL << 30},
    Unit{"Mi", 1ULL << 20},
    Unit{"Ki", 1ULL << 10},
    Unit{"", 1},
    Unit{"k", 1'000},
    Unit{"M", 1'000'000},
    Unit{"G", 1'000'000'000},
    Unit{"T", 1'000'000'000'000},
};
constexpr std::size_t max_binary_sizes = 4;  // the front of size_units, largest first

// GEP-2257; the largest sum is far below the range of milliseconds.
constexpr std::size_t max_parts = 4;
constexpr std::size_t max_digits = 5;

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view suffix) {
  for (const Unit& unit : units) {
    if (unit.suffix == suffix) return &unit;
  }
  return nullptr;
}

/// Cuts the leading characters that are digits, or are not, off `text`.
enum class Span : bool { digits, others };
std::string_view take(std::string_view& text, Span span) {
  constexpr std::string_view digits = "0123456789";
  const std::size_t end =
      span == Span::digits ? text.find_first_not_of(digits) : text.find_first_of(digits);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(taken.size());
  return taken;
}

std::optional<std::uint64_t> try_number(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (ec != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::chrono::milliseconds> try_duration(std::string_view text) {
  std::chrono::milliseconds sum{0};
  std::size_t parts = 0;
  while (!text.empty() || parts == 0) {
    const std::string_view digits = take(text, Span::digits);
    const auto number = try_number(digits);
    const Unit* unit = find_unit(time_units, take(text, Span::others));
    if (!number || unit == nullptr || digits.size() > max_digits || ++parts > max_parts) {
      return std::nullopt;
    }
    sum += std::chrono::milliseconds(*number * unit->factor);
  }
  return sum;
}

std::optional<std::uint64_t> try_byte_size(std::string_view text) {
  const auto number = try_number(take(text, Span::digits));
  const Unit* unit = find_unit(size_units, text);
  if (!number || unit == nullptr) return std::nullopt;
  if (*number > std::numeric_limits<std::uint64_t>::max() / unit->factor) return std::nullopt;
  return *number * unit->factor;
}

std::string format_duration(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0s";
  std::string text;
  auto rest = static_cast<std::uint64_t>(duration.count());
  for (const Unit& unit : time_units) {
    if (rest < unit.factor) continue;
    text += std::to_string(rest / unit.factor) + std::string(unit.suffix);
    rest %= unit.factor;
  }
  return text;
}

std::string format_byte_size(std::uint64_t octets) {
  for (std::size_t i = 0; i < max_binary_sizes; ++i) {
    const Unit& unit = size_units.at(i);
    if (octets == 0 || octets % unit.factor != 0) continue;
    return std::to_string(octets / unit.factor) + std::string(unit.suffix);
  }
  return std::to_string(octets);
}

}  // namespace sluice::config
