// SPDX-License-Identifier: Apache-2.0
// Plays one scenario in one way: scenario_tests SLUICE WAY FILE, where WAY is in-process, UDP, TCP,
// TLS or HTTPS.
#include <filesystem>
#include <iostream>
#include <map>

#include "tests/support/scenario_player.hpp"

namespace {

using namespace sluice;

std::unique_ptr<tests::ScenarioStage> make_stage(const tests::Scenario& scenario,
                                                 const std::string& way,
                                                 const std::string& program) {
  const std::map<std::string, proxy::Transport> transports{{"UDP", proxy::Transport::udp},
                                                           {"TCP", proxy::Transport::tcp},
                                                           {"TLS", proxy::Transport::tls},
                                                           {"HTTPS", proxy::Transport::https}};
  if (way == "in-process") return tests::make_in_process_stage(scenario);
  // The program is started in a directory of its own.
  return tests::make_network_stage(scenario, transports.at(way),
                                   std::filesystem::absolute(program));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: scenario_tests SLUICE in-process|UDP|TCP|TLS|HTTPS FILE\n";
    return 2;
  }
  const std::string file = argv[3];
  try {
    const tests::Scenario scenario = tests::read_scenario(file);
    play(scenario, *make_stage(scenario, argv[2], argv[1]));
  } catch (const tests::ScenarioFailure& failure) {
    std::cerr << file << ':' << failure.what() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << file << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}
