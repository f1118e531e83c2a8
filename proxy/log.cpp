// SPDX-License-Identifier: Apache-2.0
#include "proxy/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "proxy/log_line.hpp"

namespace sluice::proxy::log {
namespace {

constexpr std::size_t captured_lines = 1000;

/// RFC 3339 with milliseconds; our own text comes behind it.
constexpr const char* json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})";
constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %v";

const char* pattern_of(config::LogFormat format) {
  return format == config::LogFormat::json ? json_pattern : text_pattern;
}

spdlog::level::level_enum to_spdlog(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::debug:
      return spdlog::level::debug;
    case config::LogLevel::info:
      return spdlog::level::info;
    case config::LogLevel::warn:
      return spdlog::level::warn;
    case config::LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

struct Log {
  Log() { apply({}); }

  void apply(const config::Log& settings) {
    format = settings.format;
    logger.set_level(to_spdlog(settings.level));
    logger.set_pattern(pattern_of(format), spdlog::pattern_time_type::utc);
  }

  config::LogFormat format = config::LogFormat::json;
  spdlog::logger logger{"sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

/// One for the process: stderr is one, too.
Log& instance() {
  static Log log;
  return log;
}

void write(config::LogLevel level, std::string_view name, std::string_view message, Fields fields) {
  Log& log = instance();
  if (!log.logger.should_log(to_spdlog(level))) return;
  const std::string line = log.format == config::LogFormat::json
                               ? json_members(name, message, fields)
                               : text_line(name, message, fields);
  log.logger.log(to_spdlog(level), spdlog::string_view_t(line));
}

}  // namespace

void configure(const config::Log& settings) {
  instance().apply(settings);
}

void debug(std::string_view message, Fields fields) {
  write(config::LogLevel::debug, "debug", message, fields);
}
void info(std::string_view message, Fields fields) {
  write(config::LogLevel::info, "info", message, fields);
}
void warn(std::string_view message, Fields fields) {
  write(config::LogLevel::warn, "warn", message, fields);
}
void error(std::string_view message, Fields fields) {
  write(config::LogLevel::error, "error", message, fields);
}

struct Capture::State {
  std::vector<spdlog::sink_ptr> former;
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> sink;
};

Capture::Capture() : state_(std::make_unique<State>()) {
  Log& log = instance();
  state_->sink = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(captured_lines);
  state_->former = std::exchange(log.logger.sinks(), {state_->sink});
  state_->sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      pattern_of(log.format), spdlog::pattern_time_type::utc));
}

Capture::~Capture() {
  instance().logger.sinks() = std::move(state_->former);
}

std::vector<std::string> Capture::lines() const {
  std::vector<std::string> lines = state_->sink->last_formatted();
  for (std::string& line : lines)
    line.erase(line.find_last_not_of('\n') + 1);
  return lines;
}

}  // namespace sluice::proxy::log
