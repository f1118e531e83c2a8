// SPDX-License-Identifier: Apache-2.0
#include "commands/explain.hpp"

#include <iostream>
#include <memory>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/result.hpp>

#include "commands/admin_client.hpp"
#include "commands/exit_code.hpp"
#include "commands/identities.hpp"
#include "commands/loaded_policies.hpp"
#include "commands/output_format.hpp"
#include "proxy/explain.hpp"
#include "proxy/explain_text.hpp"

namespace sluice::commands {
namespace {

constexpr const char* footer =
    "Example: why does this pod not get an answer?\n"
    "  $ sluice explain --policies policies/ --namespace payments --pod-labels app=checkout \\\n"
    "      x.platform.example\n"
    "With --admin, a running Sluice is asked for the policies that it has in force:\n"
    "  $ sluice explain --admin 127.0.0.1:9153 --namespace payments x.platform.example AAAA\n"
    "It also knows pods, and the addresses in its log:\n"
    "  $ sluice explain --admin 127.0.0.1:9153 --pod payments/checkout-7f x.platform.example\n"
    "  $ sluice explain --admin 127.0.0.1:9153 --client 10.0.2.5 x.platform.example\n"
    "docs/explain.md tells how to read the answer.";

struct Options {
  std::string policies;
  std::string admin;
  std::string config;
  proxy::ExplainTexts asked;
  OutputFormat output = OutputFormat::text;
};

using Report = proxy::ExplainResult;

/// Where no Sluice runs, only namespaces are known: the command line takes nothing else.
Report from_directory(const Options& options, const proxy::ExplainRequest& request) {
  config::Diagnostics diagnostics;
  const auto identities = Identities::load(options.config, diagnostics);
  const auto loaded = load_policies(options.policies, options.config, diagnostics);
  if (identities && loaded) {
    return proxy::explain({std::get<filters::Workload>(request.asker), {}}, request,
                          {loaded->policies, loaded->options(identities->cluster_zones())});
  }
  std::string problems;
  for (const auto& diagnostic : diagnostics)
    problems += config::to_text(diagnostic) + '\n';
  return Report(boost::system::in_place_error, problems + "nothing explained; mend this first");
}

Report from_sluice(const Options& options) {
  const proxy::ExplainTexts& asked = options.asked;
  const auto page = get_from_admin(options.admin, "/api/v1/explain",
                                   {{"namespace", asked.namespace_name},
                                    {"pod", asked.pod},
                                    {"client", asked.client},
                                    {"podLabels", asked.pod_labels},
                                    {"name", asked.name},
                                    {"type", asked.type}});
  if (!page.problem.empty()) return Report(boost::system::in_place_error, page.problem);
  boost::system::error_code error;
  const auto report = boost::json::parse(page.text, error);
  if (error || !report.is_object())
    return Report(boost::system::in_place_error, "what came back is no explanation");
  return report.as_object();
}

int explain(const Options& options) {
  const auto request = proxy::make_explain_request(options.asked);
  if (!request) {
    std::cerr << "sluice: " << request.error() << '\n';
    return exit_usage;
  }
  const Report report =
      options.admin.empty() ? from_directory(options, *request) : from_sluice(options);
  if (!report) {
    std::cerr << "sluice: " << report.error() << '\n';
    return exit_usage;
  }
  std::cout << (options.output == OutputFormat::json ? boost::json::serialize(*report) + '\n'
                                                     : proxy::explanation_text(*report));
  return exit_fine;
}

/// Whose query it is: proxy::make_explain_request() wants one of the three.
void add_asker(CLI::App& command, CLI::Option& admin, proxy::ExplainTexts& asked) {
  command.add_option("--namespace", asked.namespace_name, "Namespace of the pod that asks");
  command.add_option("--pod-labels", asked.pod_labels, "Labels of that pod: k=v,k=v");
  command.add_option("--pod", asked.pod, "Or NAMESPACE/NAME of a pod that --admin knows")
      ->needs(&admin);
  command.add_option("--client", asked.client, "Or the address that asked --admin")->needs(&admin);
}

}  // namespace

void add_explain(CLI::App& program, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* command =
      program.add_subcommand("explain", "Say which rules a question meets, and why it ends so");
  auto* policies =
      command->add_option("--policies", options->policies, "Directory or file of policies");
  auto* admin = command->add_option("--admin", options->admin,
                                    "ADDRESS:PORT of a running Sluice's admin server");
  policies->excludes(admin);
  command->add_option("--config", options->config,
                      "A sluice.yaml: cluster domain and where lists are");
  add_asker(*command, *admin, options->asked);
  add_output_option(*command, options->output, {OutputFormat::text, OutputFormat::json});
  command->add_option("NAME", options->asked.name, "The name that is asked for")->required();
  command->add_option("TYPE", options->asked.type, "The query type; A unless given");
  command->footer(footer);
  command->callback([=, &exit_code] {
    if (options->policies.empty() && options->admin.empty())
      throw CLI::RequiredError("--policies or --admin");
    exit_code = explain(*options);
  });
}

}  // namespace sluice::commands
