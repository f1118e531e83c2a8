// SPDX-License-Identifier: Apache-2.0
#include "commands/problem_report.hpp"

#include <algorithm>
#include <tuple>

#include <boost/json.hpp>

namespace sluice::commands {
namespace {

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

/// "3 objects, 1 problem, 2 warnings": warnings only if there are any.
std::string summary(const ProblemReport& report) {
  const auto warnings = static_cast<std::size_t>(std::ranges::count(
      report.problems, config::Severity::warning, &config::Diagnostic::severity));
  const std::string text = counted(report.object_count, "object") + ", " +
                           counted(report.problems.size() - warnings, "problem");
  return warnings == 0 ? text + '\n' : text + ", " + counted(warnings, "warning") + '\n';
}

const char* word_of(config::Severity severity) {
  return severity == config::Severity::error ? "error" : "warning";
}

std::string as_text(const ProblemReport& report) {
  std::string text;
  for (const auto& problem : report.problems)
    text += config::to_text(problem) + '\n';
  return text + summary(report);
}

std::string as_json(const ProblemReport& report) {
  boost::json::array problems;
  for (const auto& problem : report.problems) {
    problems.push_back({{"file", problem.file},
                        {"line", problem.line},
                        {"path", problem.path},
                        {"message", problem.message},
                        {"severity", word_of(problem.severity)},
                        {"reason", problem.reason}});
  }
  const boost::json::object document{{"objects", report.object_count},
                                     {"problems", std::move(problems)}};
  return boost::json::serialize(document) + '\n';
}

/// A workflow command ends at the end of its line, and a property at a colon or comma.
std::string escaped(const std::string& text, std::string_view special) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += '%';
      result += digits[static_cast<unsigned char>(c) >> 4];
      result += digits[static_cast<unsigned char>(c) & 0xf];
    }
  }
  return result;
}

std::string as_workflow_commands(const ProblemReport& report) {
  std::string text;
  for (const auto& problem : report.problems) {
    text +=
        std::string("::") + word_of(problem.severity) + " file=" + escaped(problem.file, "%\r\n:,");
    if (problem.line > 0) text += ",line=" + std::to_string(problem.line);
    const std::string path = problem.path.empty() ? "" : problem.path + ": ";
    text += "::" + escaped(path + problem.message, "%\r\n") + '\n';
  }
  return text + summary(report);
}

}  // namespace

bool has_failed(const ProblemReport& report, Strictness strictness) {
  if (strictness == Strictness::strict) return !report.problems.empty();
  return config::has_errors(report.problems);
}

void sort_problems(config::Diagnostics& problems) {
  std::sort(problems.begin(), problems.end(), [](const auto& left, const auto& right) {
    return std::tie(left.file, left.line, left.path, left.message) <
           std::tie(right.file, right.line, right.path, right.message);
  });
}

std::string to_text(const ProblemReport& report, OutputFormat format) {
  if (format == OutputFormat::json) return as_json(report);
  if (format == OutputFormat::github) return as_workflow_commands(report);
  return as_text(report);
}

}  // namespace sluice::commands
