// SPDX-License-Identifier: Apache-2.0
// Plays a scenario on a stage and compares. Everything is compared that a step does not ignore; an
// upstream query that no step expects is a failure, and so is an answer that no step takes.
#pragma once

#include "tests/support/scenario_stage.hpp"

namespace sluice::tests {

/// Throws ScenarioFailure at the first difference.
void play(const Scenario& scenario, ScenarioStage& stage);

}  // namespace sluice::tests
