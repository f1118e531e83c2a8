// SPDX-License-Identifier: Apache-2.0
#include "commands/replay_report.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <boost/json.hpp>

namespace sluice::commands {
namespace {

using Row = std::array<std::string, 5>;
using Question = std::pair<std::string, std::uint64_t>;

/// Behind these columns stand numbers, which are aligned on the right.
constexpr std::size_t text_columns = 3;
constexpr std::size_t example_indent = 10;

std::vector<Question> most_frequent(const Change& change, std::size_t count) {
  std::vector<Question> questions(change.questions.begin(), change.questions.end());
  std::ranges::sort(questions, [](const Question& left, const Question& right) {
    return left.second != right.second ? left.second > right.second : left.first < right.first;
  });
  questions.resize(std::min(questions.size(), count));
  return questions;
}

std::string padded(const std::string& text, std::size_t width, bool is_number) {
  const std::string blanks(width - std::min(width, text.size()), ' ');
  return is_number ? blanks + text : text + blanks;
}

std::string line_of(const Row& row, const std::array<std::size_t, 5>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) line += "  ";
    line += padded(row[i], widths[i], i >= text_columns);
  }
  return line + '\n';
}

Row row_of(const ChangeKey& key, const Change& change) {
  return {key.tenant, key.rule, to_text(key.kind), std::to_string(change.queries),
          std::to_string(change.questions.size())};
}

std::string examples(const Change& change, std::size_t count) {
  std::string text;
  for (const auto& [question, queries] : most_frequent(change, count))
    text += padded(std::to_string(queries), example_indent, true) + "  " + question + '\n';
  return text;
}

std::string table(const ReplayReport& report) {
  const auto& changes = report.comparison.changes;
  if (changes.empty()) return {};
  const Row head{"TENANT", "RULE", "CHANGE", "QUERIES", "QUESTIONS"};
  std::array<std::size_t, 5> widths{};
  const auto widen = [&widths](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  };
  widen(head);
  for (const auto& [key, change] : changes)
    widen(row_of(key, change));
  std::string text = line_of(head, widths);
  for (const auto& [key, change] : changes)
    text += line_of(row_of(key, change), widths) + examples(change, report.examples);
  return text;
}

std::string as_text(const ReplayReport& report) {
  const Comparison& comparison = report.comparison;
  const auto count = [&](ChangeKind kind) { return std::to_string(comparison.queries(kind)); };
  std::string text = table(report) + std::to_string(comparison.judged) + " queries judged, " +
                     std::to_string(comparison.changed()) +
                     " would change: " + count(ChangeKind::newly_denied) + " denied, " +
                     count(ChangeKind::newly_allowed) + " allowed, " +
                     count(ChangeKind::newly_rewritten) + " rewritten\n";
  if (comparison.queries(ChangeKind::on_trial) != 0) {
    text += count(ChangeKind::on_trial) + " would change if what is on trial were enforced\n";
  }
  if (comparison.unknown != 0) {
    text += std::to_string(comparison.unknown) +
            " left out, nobody knows who asked; --config tells who is behind an address\n";
  }
  return text;
}

/// "newlyDenied": enumerations in JSON are words.
std::string word_of(ChangeKind kind) {
  std::string word;
  bool is_start = false;
  for (const char c : std::string(to_text(kind))) {
    if (c != ' ') word += is_start ? static_cast<char>(c - ('a' - 'A')) : c;
    is_start = c == ' ';
  }
  return word;
}

boost::json::object object_of(const ChangeKey& key, const Change& change, std::size_t count) {
  boost::json::array questions;
  for (const auto& [question, queries] : most_frequent(change, count)) {
    const std::size_t space = question.rfind(' ');
    questions.push_back({{"name", question.substr(0, space)},
                         {"type", question.substr(space + 1)},
                         {"queries", queries}});
  }
  return {{"tenant", key.tenant},
          {"rule", key.rule},
          {"change", word_of(key.kind)},
          {"queries", change.queries},
          {"questions", change.questions.size()},
          {"examples", std::move(questions)}};
}

std::string as_json(const ReplayReport& report) {
  const Comparison& comparison = report.comparison;
  boost::json::array changes;
  for (const auto& [key, change] : comparison.changes)
    changes.push_back(object_of(key, change, report.examples));
  const boost::json::object document{{"judged", comparison.judged},
                                     {"changed", comparison.changed()},
                                     {"onTrial", comparison.queries(ChangeKind::on_trial)},
                                     {"unknownClients", comparison.unknown},
                                     {"unreadable", report.bad},
                                     {"changes", std::move(changes)}};
  return boost::json::serialize(document) + '\n';
}

}  // namespace

std::string to_text(const ReplayReport& report, OutputFormat format) {
  return format == OutputFormat::json ? as_json(report) : as_text(report);
}

}  // namespace sluice::commands
