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

std::string summary(const ProblemReport& report) {
  return counted(report.object_count, "object") + ", " +
         counted(report.problems.size(), "problem") + '\n';
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
                        {"message", problem.message}});
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
    text += "::error file=" + escaped(problem.file, "%\r\n:,");
    if (problem.line > 0) text += ",line=" + std::to_string(problem.line);
    const std::string path = problem.path.empty() ? "" : problem.path + ": ";
    text += "::" + escaped(path + problem.message, "%\r\n") + '\n';
  }
  return text + summary(report);
}

}  // namespace

void sort_problems(config::Diagnostics& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const auto& left, const auto& right) {
    return std::tie(left.file, left.line) < std::tie(right.file, right.line);
  });
}

std::string to_text(const ProblemReport& report, OutputFormat format) {
  if (format == OutputFormat::json) return as_json(report);
  if (format == OutputFormat::github) return as_workflow_commands(report);
  return as_text(report);
}

}  // namespace sluice::commands
