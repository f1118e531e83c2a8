// SPDX-License-Identifier: Apache-2.0
// Values out of a metrics page in Prometheus's text format.
#pragma once

#include <map>
#include <string>

namespace sluice::tests {

/// The sum of all samples of this name that have at least these labels; 0 if there are none.
double metric_value(const std::string& page, const std::string& name,
                    const std::map<std::string, std::string>& labels);

}  // namespace sluice::tests
