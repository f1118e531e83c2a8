// SPDX-License-Identifier: Apache-2.0
#include "commands/controller.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "commands/start_problems.hpp"
#include "config/controller_settings.hpp"
#include "proxy/controller.hpp"
#include "proxy/log.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "It answers no queries. It watches all policies of a cluster and says in the status of each\n"
    "what is wrong with it, so that `kubectl get dnsfilters` shows whether it is in force and\n"
    "`kubectl describe` why not. The file says little more than which Lease several controllers\n"
    "agree by:\n"
    "  lease: {namespace: sluice-system, name: sluice-controller}\n"
    "In a pod the service account is used. To try it from outside, with the rights of a\n"
    "kubeconfig:\n"
    "  kubernetes: {kubeconfig: /home/me/.kube/config, context: test}\n"
    "POD_NAME in the environment is what it calls itself in the Lease. Every key is explained in\n"
    "docs/controller.md. SIGTERM gives the Lease up and ends.";

int control(const std::string& file) {
  config::Diagnostics diagnostics;
  auto settings = config::load_controller_settings_file(file, diagnostics);
  if (!settings) return print_start_problems(std::move(diagnostics), file);
  proxy::log::configure(settings->log);
  proxy::Controller controller(*std::move(settings));
  diagnostics = controller.start();
  if (!diagnostics.empty()) return print_start_problems(std::move(diagnostics), file);
  controller.run();
  return exit_fine;
}

}  // namespace

void add_controller(CLI::App& program, int& exit_code) {
  const auto file = std::make_shared<std::string>();
  auto* command = program.add_subcommand("controller",
                                         "Write the status of a cluster's policies until SIGTERM");
  command->add_option("--config", *file, "The controller's settings, usually controller.yaml")
      ->required();
  command->footer(footer);
  command->callback([file, &exit_code] { exit_code = control(*file); });
}

}  // namespace sluice::commands
