// SPDX-License-Identifier: Apache-2.0
// What a log line says behind its time, in either format. For log.cpp.
#pragma once

#include <string>
#include <string_view>

#include "proxy/log.hpp"

namespace sluice::proxy::log {

/// A line with its line end; longer ones are refused or cut by some collectors.
inline constexpr std::size_t max_line_size = 4096;
/// Octets before and behind these lines: time, line end and, in JSON, its braces.
inline constexpr std::size_t line_frame_size = 64;

/// `"level":"info","message":"...","key":value`: JSON but for the braces. Fields that do not fit
/// are left out, and `"truncated":true` says so.
std::string json_members(std::string_view level, std::string_view message, Fields fields);
/// `info message key=value`. Text that could be mistaken for something else stands in quotes.
std::string text_line(std::string_view level, std::string_view message, Fields fields);

}  // namespace sluice::proxy::log
