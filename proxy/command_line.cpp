// SPDX-License-Identifier: Apache-2.0
#include "proxy/command_line.hpp"

#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "config/load.hpp"
#include "proxy/app.hpp"
#include "proxy/log.hpp"
#include "proxy/version.hpp"

namespace sluice::proxy {
namespace {

constexpr const char* description =
    "Sluice filters DNS for the tenants of a Kubernetes cluster: it knows whose pod asks, runs "
    "that\n"
    "tenant's filters, and forwards what is allowed.";

constexpr const char* serve_footer =
    "The file says where to listen, which resolver to ask and where the policies are:\n"
    "  listeners:\n"
    "  - {protocol: UDP, address: 127.0.0.1, port: 5353}\n"
    "  upstreams:\n"
    "  - name: cluster\n"
    "    transport: TLS\n"
    "    endpoints: [{address: 10.96.0.10}]\n"
    "    tls: {serverName: kube-dns.kube-system.svc, caFile: ca.crt}\n"
    "  policies: {directory: policies/}\n"
    "Every key is explained in docs/configuration.md. Policies are read again whenever they "
    "change; SIGTERM\n"
    "answers what is under way and ends.";

int print_problems(config::Diagnostics diagnostics, const std::string& file) {
  for (auto& diagnostic : diagnostics) {
    if (diagnostic.file.empty()) diagnostic.file = file;
    std::cerr << config::to_text(diagnostic) << '\n';
  }
  std::cerr << "sluice: " << diagnostics.size()
            << (diagnostics.size() == 1 ? " problem" : " problems") << ", not started\n";
  return exit_problems;
}

int serve(const std::string& file) {
  config::Diagnostics diagnostics;
  auto settings = config::load_settings_file(file, diagnostics);
  if (!settings) return print_problems(std::move(diagnostics), file);
  log::configure(settings->log);
  App app(std::move(*settings));
  diagnostics = app.start();
  if (!diagnostics.empty()) return print_problems(std::move(diagnostics), file);
  app.run();
  return exit_fine;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  CLI::App commands(description, "sluice");
  commands.require_subcommand(1);
  std::string file;
  auto* serve_command = commands.add_subcommand("serve", "Serve DNS until SIGTERM or SIGINT");
  serve_command->add_option("--config", file, "The node's settings, usually sluice.yaml")
      ->required();
  serve_command->footer(serve_footer);
  auto* version_command = commands.add_subcommand("version", "Print the version");
  try {
    commands.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return commands.exit(error) == 0 ? exit_fine : exit_usage;
  }
  if (version_command->parsed()) {
    std::cout << "sluice " << version << '\n';
    return exit_fine;
  }
  return serve(file);
}

}  // namespace sluice::proxy
