// SPDX-License-Identifier: Apache-2.0
#include "commands/loaded_policies.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "commands/manifest_files.hpp"
#include "config/load.hpp"
#include "crds/loader.hpp"
#include "proxy/list_store.hpp"
#include "proxy/log.hpp"

namespace sluice::commands {
namespace {

/// Longer than the largest list takes, shorter than anybody waits for a server that is not there.
constexpr std::chrono::seconds longest_wait{60};

std::string problem_of(const proxy::ProcessStatus::Values& status, const std::string& list) {
  const auto state = status.lists.find(list);
  return state == status.lists.end() ? "" : state->second.problem;
}

filters::NameSets load_lists(const filters::Shared<filters::DomainList>& lists,
                             const config::Lists& settings, config::Diagnostics& diagnostics) {
  boost::asio::io_context control;
  const auto work = boost::asio::make_work_guard(control);  // lists come from another thread
  proxy::ProcessStatus status("");
  proxy::ListStore store(control, {.settings = settings, .hash_seed = LoadedPolicies::hash_seed},
                         status, [] {});
  store.update(lists, diagnostics);
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  const auto is_pending = [&] {
    const auto missing = store.missing();
    const auto values = status.values();
    return std::any_of(missing.begin(), missing.end(),
                       [&](const std::string& list) { return problem_of(values, list).empty(); });
  };
  while (is_pending() && std::chrono::steady_clock::now() < deadline)
    control.run_one_for(std::chrono::milliseconds(50));
  for (const std::string& list : store.missing()) {
    const std::string problem = problem_of(status.values(), list);
    diagnostics.push_back(
        {.path = "list " + list,
         .message = "cannot be loaded: " + (problem.empty() ? "it takes too long" : problem),
         .reason = "DomainListNotFound"});
  }
  return store.sets();
}

void add_errors(const config::Diagnostics& problems, config::Diagnostics& diagnostics) {
  std::copy_if(problems.begin(), problems.end(), std::back_inserter(diagnostics),
               [](const auto& one) { return one.severity == config::Severity::error; });
}

}  // namespace

filters::CompilerOptions LoadedPolicies::options(std::vector<dns::Name> cluster_zones) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {.cluster_zones = std::move(cluster_zones),
          .hash_seed = hash_seed,
          .now = now,
          .lists = lists};
}

std::optional<LoadedPolicies> load_policies(const std::string& path, const std::string& config_file,
                                            config::Diagnostics& diagnostics) {
  // Only what is wrong is worth a line beside the command's own output.
  proxy::log::configure({.level = config::LogLevel::warn, .format = config::LogFormat::text});
  std::optional<config::Settings> settings = config::Settings{};
  if (!config_file.empty()) settings = config::load_settings_file(config_file, diagnostics);
  const auto files = read_manifest_paths({path}, std::cin, diagnostics);
  if (!settings || !diagnostics.empty()) return std::nullopt;
  auto loaded = crds::Loader{}.load(files);
  add_errors(loaded.diagnostics, diagnostics);
  LoadedPolicies policies{.policies = std::move(loaded.policies), .lists = {}};
  policies.lists = load_lists(policies.policies.lists, settings->lists, diagnostics);
  if (!diagnostics.empty()) return std::nullopt;
  return policies;
}

}  // namespace sluice::commands
