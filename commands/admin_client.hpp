// SPDX-License-Identifier: Apache-2.0
// Questions to a running Sluice's admin server.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sluice::commands {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A page, or what is wrong in one line: one of them is empty.
struct AdminPage {
  std::string text;
  std::string problem;
};

/// GETs a page of `address`, which is ADDRESS:PORT; empty parameters are left out. Waits for
/// five seconds at most.
AdminPage get_from_admin(const std::string& address, const std::string& path,
                         const Parameters& parameters);

}  // namespace sluice::commands
