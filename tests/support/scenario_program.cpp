// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_program.hpp"

#include <fstream>
#include <sstream>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Generous: a busy machine must not fail a test.
constexpr auto patience = 30s;

constexpr const char* in_force = "policies in force";
constexpr const char* invalid = "invalid policy";
constexpr const char* relabelled = "labels of the pod have changed";

std::string get(std::uint16_t port, const std::string& path) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect({asio::ip::address_v4::loopback(), port});
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  asio::write(socket, asio::buffer(request));
  std::string response;
  boost::system::error_code error;
  asio::read(socket, asio::dynamic_buffer(response), error);
  const auto body = response.find("\r\n\r\n");
  if (!response.starts_with("HTTP/1.1 200") || body == std::string::npos)
    throw ScenarioFailure(0, path + " answers " + response.substr(0, 100));
  return response.substr(body + 4);
}

}  // namespace

ScenarioProgram::ScenarioProgram()
    : authority_(directory_.path() / "ca"),
      upstream_(authority_.issue({.names = {"upstream.test"}})),
      sluice_(authority_.issue({.names = {"sluice.test"}})) {}

void ScenarioProgram::start(const fs::path& program, const Scenario& scenario,
                            std::uint16_t upstream_port) {
  fs::create_directory(directory_.path() / "policies");
  write("policies/policies.yaml", scenario.manifests);
  for (const auto& [name, text] : scenario.files)
    write(name, text);
  for (const auto& [name, certificate] : scenario.certificates)
    clients_[name] = authority_.issue({.names = certificate.dns_names, .uris = certificate.uris});
  write("sluice.yaml", settings_text(scenario, {.certificate_file = sluice_.certificate_file,
                                                .private_key_file = sluice_.private_key_file,
                                                .ca_file = authority_.file(),
                                                .policy_directory = "policies",
                                                .upstream_port = upstream_port}));
  process_.emplace(Command{.arguments = {program, "serve", "--config", "sluice.yaml"},
                           .environment = {},
                           .directory = directory_.path()});
  if (!process_->wait_for_output(in_force, patience))
    throw ScenarioFailure(0, "sluice does not start:\n" + log());
  read_ports();
}

std::optional<config::ServerTls> ScenarioProgram::client_certificate(
    const std::string& name) const {
  return name.empty() ? std::nullopt : std::optional(clients_.at(name));
}

void ScenarioProgram::read_ports() {
  std::istringstream lines(log());
  for (std::string line; std::getline(lines, line);) {
    const auto entry = boost::json::parse(line);
    const auto& message = entry.at("message").as_string();
    if (message == "listening") {
      ports_[entry.at("listener").as_string().c_str()] =
          entry.at("port").to_number<std::uint16_t>();
    } else if (message == "ready") {
      ports_["admin"] = entry.at("adminPort").to_number<std::uint16_t>();
    }
  }
}

std::size_t ScenarioProgram::reload(const std::string& manifests) {
  const std::size_t loads = count_lines(in_force);
  const std::size_t problems = count_lines(invalid);
  write("policies/policies.yaml", manifests);
  wait_for_another(in_force, loads);
  return count_lines(invalid) - problems;
}

void ScenarioProgram::relabel(const std::string& labels) {
  const std::size_t changes = count_lines(relabelled);
  write("labels", labels);
  wait_for_another(relabelled, changes);
}

void ScenarioProgram::wait_for_another(const std::string& message, std::size_t before) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (count_lines(message) == before) {
    if (std::chrono::steady_clock::now() > deadline)
      throw ScenarioFailure(0, "sluice does not take what has changed:\n" + log());
    if (process_->wait(5ms)) throw ScenarioFailure(0, "sluice has ended:\n" + log());
  }
}

std::string ScenarioProgram::metrics() const {
  return get(port("admin"), "/metrics");
}

/// In one step, drafted where nobody watches: a change in several steps could be loaded as several.
void ScenarioProgram::write(const fs::path& name, const std::string& text) const {
  const fs::path path = directory_.path() / name;
  const fs::path draft = directory_.path() / "draft";
  std::ofstream(draft) << text;
  fs::rename(draft, path);
}

std::size_t ScenarioProgram::count_lines(const std::string& message) const {
  const std::string text = log();
  std::size_t count = 0;
  for (auto at = text.find(message); at != std::string::npos; at = text.find(message, at + 1))
    ++count;
  return count;
}

}  // namespace sluice::tests
