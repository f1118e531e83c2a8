// SPDX-License-Identifier: Apache-2.0
#include "commands/serve.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "commands/exit_code.hpp"
#include "commands/ready_file.hpp"
#include "commands/start_problems.hpp"
#include "config/load.hpp"
#include "proxy/app.hpp"
#include "proxy/log.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "The file says where to listen, which resolver to ask and where the policies are:\n"
    "  listeners:\n"
    "  - {protocol: UDP, address: 127.0.0.1, port: 5353}\n"
    "  upstreams:\n"
    "  - name: cluster\n"
    "    transport: TLS\n"
    "    endpoints: [{address: 10.96.0.10}]\n"
    "    tls: {serverName: kube-dns.kube-system.svc, caFile: ca.crt}\n"
    "  policies: {directory: policies/}\n"
    "Every key is explained in docs/configuration.md. Policies are read again whenever they\n"
    "change; SIGTERM answers what is under way and ends.";

struct Options {
  std::string config;
  std::string ready_file;
};

int serve(const Options& options) {
  const ReadyFile ready(options.ready_file);
  config::Diagnostics diagnostics;
  auto settings = config::load_settings_file(options.config, diagnostics);
  if (!settings) return print_start_problems(std::move(diagnostics), options.config);
  proxy::log::configure(settings->log);
  proxy::App app(std::move(*settings));
  diagnostics = app.start();
  if (!diagnostics.empty()) return print_start_problems(std::move(diagnostics), options.config);
  ready.write();
  app.run();
  return exit_fine;
}

}  // namespace

void add_serve(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("serve", "Serve DNS until SIGTERM or SIGINT");
  command->add_option("--config", options->config, "The node's settings, usually sluice.yaml")
      ->required();
  command->add_option("--ready-file", options->ready_file,
                      "A file that is there while queries are answered; for `sluice ready`");
  command->footer(footer);
  command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace sluice::commands
