// SPDX-License-Identifier: Apache-2.0
#include "commands/recording_set.hpp"

#include <iostream>

#include "commands/progress.hpp"
#include "recordings/reader.hpp"

namespace sluice::commands {
namespace {

std::string warning(const std::string& path, const recordings::ReadReport& report) {
  std::string numbers;
  for (const auto number : report.first_bad)
    numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
  if (report.bad > report.first_bad.size()) numbers += ", ...";
  return path + ": left out " + std::to_string(report.bad) +
         " that cannot be read; lines or frames " + numbers;
}

}  // namespace

RecordingSet read_recordings(const std::vector<std::string>& paths) {
  RecordingSet set;
  Progress progress("reading queries");
  for (const std::string& path : paths) {
    const auto report =
        recordings::read_recording(path, [&](const recordings::RecordedQuery& query) {
          set.tally.add(query);
          progress.advance();
        });
    set.queries += report.queries;
    set.bad += report.bad;
    if (report.bad != 0) set.warnings.push_back(warning(path, report));
    if (!report.failure.empty()) set.failures.push_back(path + ": " + report.failure);
  }
  if (set.tally.overflowed() != 0) {
    set.warnings.push_back("left out " + std::to_string(set.tally.overflowed()) +
                           " queries: more than " +
                           std::to_string(recordings::Tally::default_capacity) +
                           " different ones; give fewer recordings at once");
  }
  return set;
}

bool tell_trouble(const RecordingSet& recordings) {
  for (const auto& warning : recordings.warnings)
    std::cerr << "sluice: " << warning << '\n';
  for (const auto& failure : recordings.failures)
    std::cerr << "sluice: " << failure << '\n';
  return recordings.failures.empty();
}

}  // namespace sluice::commands
