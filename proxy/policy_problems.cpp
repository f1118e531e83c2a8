// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_problems.hpp"

#include <functional>
#include <string>
#include <utility>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

void write(const config::Diagnostic& diagnostic) {
  const bool is_warning = diagnostic.severity == config::Severity::warning;
  const auto log = is_warning ? log::warn : log::error;
  log(is_warning ? "policy that may not do what is meant"
                 : "invalid policy, it does not take effect",
      {{"file", diagnostic.file},
       {"line", diagnostic.line},
       {"path", diagnostic.path},
       {"reason", diagnostic.reason},
       {"problem", diagnostic.message}});
}

}  // namespace

void PolicyProblems::report(const config::Diagnostics& all) {
  std::unordered_set<std::size_t> present;
  std::size_t lines = 0;
  for (const config::Diagnostic& diagnostic : all) {
    const auto [hash, is_first] = present.insert(std::hash<std::string>()(to_text(diagnostic)));
    const bool is_news = is_first && !told_.contains(*hash);
    if (is_news && ++lines <= max_lines) write(diagnostic);
  }
  told_ = std::move(present);
  if (lines > max_lines)
    log::warn("more problems with policies than are told here; `sluice check` tells them all",
              {{"more", lines - max_lines}});
}

}  // namespace sluice::proxy
