// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/sluice_program.hpp"

#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "tests/e2e/tcp_client.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

// $UPSTREAM and the like are filled in.
constexpr const char* settings_template = R"(workers: 2
clusterCIDRs: [10.96.0.0/12]
listeners:
$LISTENERS- {name: udp, protocol: UDP, address: 127.0.0.1, port: 0}
- {name: tcp, protocol: TCP, address: 127.0.0.1, port: 0}
- name: tls
  protocol: TLS
  address: 127.0.0.1
  port: 0
  tls: &tls {certificateFile: $CERTIFICATE, privateKeyFile: $KEY}
- {name: https, protocol: HTTPS, address: 127.0.0.1, port: 0, tls: *tls}
upstreams:
- name: cluster
  transport: TLS
  endpoints: [{address: 127.0.0.1, port: $UPSTREAM}]
  attemptTimeout: 1s
  tls: {serverName: kube-dns.test, caFile: $AUTHORITY}
identity:
  unknownClient: Refuse
$IDENTITY$POLICIESlists: {directory: lists/}
caBundles: {directory: ca-bundles/}
cache: {serveStale: 1h}
limits: {queryTimeout: 3s}
log: {level: info, format: json}
admin: {address: 127.0.0.1, port: 0}
)";

constexpr const char* static_identities = R"(  static:
$IDENTITIES  - {namespace: shop, cidrs: [127.0.1.0/24], labels: {app: web}}
  - {namespace: payments, cidrs: [127.0.2.0/24], labels: {app: checkout}}
  - {namespace: payments, cidrs: [127.0.12.0/24], labels: {app: batch}}
  - {namespace: shop-prod, cidrs: [127.0.11.0/24]}
  - {namespace: ci-forks, cidrs: [127.0.13.0/24]}
  - {namespace: legacy-erp, cidrs: [127.0.14.0/24]}
  - {namespace: school, cidrs: [127.0.15.0/24]}
  - {namespace: geo-edge, cidrs: [127.0.16.0/24], labels: {region: eu}}
)";

std::string fill_in(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values)
    text.replace(text.find(name), name.size(), value);
  return text;
}

std::string settings(const Workspace& workspace, std::uint16_t upstream_port,
                     const ProgramOptions& options) {
  const std::map<std::string, std::string> values{
      {"$LISTENERS", options.listeners},
      {"$IDENTITY", options.identity.empty()
                        ? fill_in(static_identities, {{"$IDENTITIES", options.identities}})
                        : options.identity},
      {"$POLICIES", options.policies},
      {"$UPSTREAM", std::to_string(upstream_port)},
      {"$CERTIFICATE", workspace.sluice().certificate_file.string()},
      {"$KEY", workspace.sluice().private_key_file.string()},
      {"$AUTHORITY", workspace.authority().string()},
  };
  return fill_in(settings_template, values);
}

Process start(const Workspace& workspace, const std::string& settings) {
  workspace.write("sluice.yaml", settings);
  return Process({.arguments = {SLUICE_PROGRAM, "serve", "--config", "sluice.yaml"},
                  .environment = {},
                  .directory = workspace.path()});
}

std::uint16_t to_port(const boost::json::value& number) {
  return number.to_number<std::uint16_t>();
}

}  // namespace

SluiceProgram::SluiceProgram(const Workspace& workspace, std::uint16_t upstream_port,
                             const ProgramOptions& options)
    : process_(start(workspace, settings(workspace, upstream_port, options))) {
  if (!process_.wait_for_output("\"message\":\"ready\"", 20s)) {
    throw std::runtime_error("sluice does not start: " + process_.errors());
  }
  read_ports();
}

void SluiceProgram::read_ports() {
  std::istringstream lines(process_.errors());
  for (std::string line; std::getline(lines, line);) {
    const auto entry = boost::json::parse(line).as_object();
    const auto& message = entry.at("message").as_string();
    if (message == "listening") {
      ports_[std::string(entry.at("listener").as_string())] = to_port(entry.at("port"));
    } else if (message == "ready") {
      ports_["admin"] = to_port(entry.at("adminPort"));
    }
  }
}

std::string get_page(std::uint16_t port, const std::string& path) {
  TcpClient client("127.0.0.1", port);
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  client.send({request.begin(), request.end()});
  const auto response = client.receive_all();
  return {response.begin(), response.end()};
}

}  // namespace sluice::tests
