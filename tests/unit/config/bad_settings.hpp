// SPDX-License-Identifier: Apache-2.0
// Tables of settings that must not load, each with everything that is to be said about it.
#pragma once

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "config/load.hpp"

namespace sluice::config {

// The least that loads is these three together.
inline const std::string good_listeners = "listeners: [{protocol: UDP}]\n";
inline const std::string good_upstreams =
    "upstreams: [{name: a, endpoints: [{address: 10.0.0.10}]}]\n";
inline const std::string good_policies = "policies: {directory: p}\n";

struct BadCase {
  std::string name;
  std::string text;
  std::vector<std::string> expected;  // diagnostics behind the file name
};

/// What stands before and after the text of each case.
struct Frame {
  std::string before;
  std::string after;
};

inline void check_bad_cases(const std::vector<BadCase>& cases, const Frame& frame) {
  for (const BadCase& bad : cases) {
    CAPTURE(bad.name, bad.text);
    Diagnostics diagnostics;
    const std::string text = frame.before + bad.text + frame.after;
    CHECK_FALSE(load_settings(text, "sluice.yaml", diagnostics).has_value());
    std::vector<std::string> found;
    for (const Diagnostic& diagnostic : diagnostics) {
      found.push_back(to_text(diagnostic).substr(std::string("sluice.yaml").size()));
    }
    CHECK(found == bad.expected);
  }
}

}  // namespace sluice::config
