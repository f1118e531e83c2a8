// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/clients.hpp"

#include <stdexcept>

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

std::uint64_t number_after(const std::string& text, const std::string& label) {
  const auto at = text.find(label);
  if (at == std::string::npos) throw std::runtime_error("no '" + label + "' in: " + text);
  return std::stoull(text.substr(at + label.size()));
}

Process start_dnsperf(const Workspace& workspace, const Target& target,
                      const Load::Options& options) {
  static int loads = 0;
  const std::string file = "load-" + std::to_string(++loads) + ".txt";
  std::string queries;
  for (const std::string& name : options.names)
    queries += name + " A\n";
  workspace.write(file, queries);
  return Process(
      {.arguments = {"dnsperf", "-s", "127.0.0.1", "-p", std::to_string(target.port), "-a",
                     target.from, "-d", file, "-l", std::to_string(options.seconds), "-Q",
                     std::to_string(options.queries_per_second), "-c",
                     std::to_string(options.clients), "-m", options.transport, "-t", "5"},
       .environment = {},
       .directory = workspace.path()});
}

}  // namespace

std::optional<std::string> missing_client() {
  for (const char* name : {"dig", "kdig", "dnsperf"}) {
    if (!has_program(name)) return std::string(name) + " is not installed";
  }
  return std::nullopt;
}

std::string Reply::rcode() const {
  static const std::string label = "status: ";
  const auto header = text_.find("HEADER");  // over HTTPS a status of HTTP stands before it
  const auto at = header == std::string::npos ? header : text_.find(label, header);
  if (at == std::string::npos) return {};
  const auto start = at + label.size();
  return text_.substr(start, text_.find_first_of(",;", start) - start);
}

bool Reply::has_ede(int code) const {
  return contains("EDE: " + std::to_string(code) + " ");
}

Reply dig(const Target& target, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"dig",       "@127.0.0.1", "-b",
                               target.from, "-p",         std::to_string(target.port),
                               "+tries=1",  "+time=6"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return Reply(run({.arguments = all, .environment = {}, .directory = {}}, 20s).output);
}

Reply kdig_tls(const Workspace& workspace, const Target& target, const std::string& name,
               const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"kdig",      "@127.0.0.1", "-b",
                               target.from, "-p",         std::to_string(target.port)};
  all.insert(all.end(), arguments.begin(), arguments.end());
  all.insert(all.end(), {"+tls-ca=" + workspace.authority().string(), "+tls-hostname=sluice.test",
                         "+time=6", name, "A"});
  return Reply(
      run({.arguments = all, .environment = {}, .directory = workspace.path()}, 20s).output);
}

Load::Load(const Workspace& workspace, const Target& target, const Options& options)
    : process_(start_dnsperf(workspace, target, options)) {}

Load::Result Load::finish() {
  if (!process_.wait(60s)) throw std::runtime_error("dnsperf does not end");
  const std::string text = process_.output();
  return {number_after(text, "Queries sent:"), number_after(text, "Queries completed:"),
          number_after(text, "Queries lost:")};
}

}  // namespace sluice::tests
