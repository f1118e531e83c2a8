// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_metric.hpp"

#include <algorithm>
#include <sstream>

namespace sluice::tests {
namespace {

/// `line` is "name value" or "name{label="text",...} value"; no label of ours holds a quote.
bool is_sample_of(const std::string& line, const std::string& name,
                  const std::map<std::string, std::string>& labels) {
  if (!line.starts_with(name)) return false;
  const char behind = line[name.size()];
  if (behind != ' ' && behind != '{') return false;
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    const std::string text = label.first + "=\"" + label.second + '"';
    return line.find('{' + text) != std::string::npos || line.find(',' + text) != std::string::npos;
  });
}

}  // namespace

double metric_value(const std::string& page, const std::string& name,
                    const std::map<std::string, std::string>& labels) {
  double sum = 0;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (is_sample_of(line, name, labels)) sum += std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

}  // namespace sluice::tests
