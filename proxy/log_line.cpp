// SPDX-License-Identifier: Apache-2.0
#include "proxy/log_line.hpp"

#include <cmath>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "proxy/log_text.hpp"

namespace sluice::proxy::log {
namespace {

/// Of one message or value. JSON doubles it at worst (a backslash before each octet), so a message
/// and one value always fit into a line.
constexpr std::size_t max_text_size = 900;

constexpr std::string_view json_truncated = R"(,"truncated":true)";
constexpr std::string_view text_truncated = " truncated=true";

std::string json_text(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(escape(text, max_text_size)));
}

struct JsonValue {
  std::string operator()(std::string_view text) const { return json_text(text); }
  /// JSON knows no NaN and no infinity (RFC 8259 6).
  std::string operator()(double number) const {
    return std::isfinite(number) ? fmt::format("{}", number) : "null";
  }
  std::string operator()(auto value) const { return fmt::format("{}", value); }
};

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" =\"\\") != std::string_view::npos;
}

struct PlainValue {
  std::string operator()(std::string_view text) const {
    return needs_quotes(text) ? json_text(text) : escape(text, max_text_size);
  }
  std::string operator()(auto value) const { return fmt::format("{}", value); }
};

/// Appends the fields as long as there is room for them and for the remark that there was none.
template <typename Format>
void append_fields(std::string& line, Fields fields, std::string_view remark, Format format) {
  const std::size_t room = max_line_size - line_frame_size - remark.size();
  for (const Field& field : fields) {
    const std::string text = format(field);
    if (line.size() + text.size() > room) {
      line += remark;
      return;
    }
    line += text;
  }
}

}  // namespace

std::string json_members(std::string_view level, std::string_view message, Fields fields) {
  std::string line = fmt::format(R"("level":"{}","message":{})", level, json_text(message));
  append_fields(line, fields, json_truncated, [](const Field& field) {
    return fmt::format(",{}:{}", json_text(field.key), std::visit(JsonValue{}, field.value));
  });
  return line;
}

std::string text_line(std::string_view level, std::string_view message, Fields fields) {
  std::string line = fmt::format("{} {}", level, escape(message, max_text_size));
  append_fields(line, fields, text_truncated, [](const Field& field) {
    return fmt::format(" {}={}", escape(field.key, max_text_size),
                       std::visit(PlainValue{}, field.value));
  });
  return line;
}

}  // namespace sluice::proxy::log
