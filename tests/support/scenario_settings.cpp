// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_stage.hpp"

namespace sluice::tests {
namespace {

/// Longer than a busy machine takes for anything; no scenario waits for it.
constexpr const char* patience = "60s";

YAML::Node listener(const std::string& protocol) {
  YAML::Node node;
  node["name"] = protocol;
  node["protocol"] = protocol;
  node["address"] = "127.0.0.1";
  node["port"] = 0;
  return node;
}

YAML::Node upstream(const StageSettings& stage) {
  YAML::Node endpoint;
  endpoint["address"] = "127.0.0.1";
  endpoint["port"] = stage.upstream_port;
  YAML::Node node;
  node["name"] = "cluster";
  node["transport"] = "TLS";
  node["endpoints"].push_back(endpoint);
  // A busy machine must not make Sluice ask twice.
  node["attemptTimeout"] = patience;
  node["tls"]["serverName"] = "upstream.test";
  node["tls"]["caFile"] = stage.ca_file;
  return node;
}

YAML::Node tls(const Scenario& scenario, const StageSettings& stage) {
  YAML::Node node;
  node["certificateFile"] = stage.certificate_file;
  node["privateKeyFile"] = stage.private_key_file;
  if (scenario.certificates.empty()) return node;
  node["clientCAFile"] = stage.ca_file;
  node["clientCertificate"] = "Optional";
  return node;
}

}  // namespace

std::string settings_text(const Scenario& scenario, const StageSettings& stage) {
  YAML::Node settings = scenario.config ? YAML::Clone(scenario.config) : YAML::Node();
  settings["workers"] = 1;
  for (const char* protocol : {"UDP", "TCP"})
    settings["listeners"].push_back(listener(protocol));
  for (const char* protocol : {"TLS", "HTTPS"}) {
    YAML::Node node = listener(protocol);
    node["tls"] = tls(scenario, stage);
    settings["listeners"].push_back(node);
  }
  settings["upstreams"].push_back(upstream(stage));
  settings["policies"]["directory"] = stage.policy_directory;
  settings["admin"]["port"] = 0;
  if (!settings["limits"]["queryTimeout"]) settings["limits"]["queryTimeout"] = patience;
  YAML::Emitter emitter;
  emitter << settings;
  return emitter.c_str();
}

}  // namespace sluice::tests
