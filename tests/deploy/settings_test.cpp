// SPDX-License-Identifier: Apache-2.0
// A sluice.yaml or controller.yaml in a rendered ConfigMap is one that Sluice loads.
#include <catch2/catch_test_macros.hpp>

#include "config/controller_settings.hpp"
#include "config/load.hpp"
#include "crds/loader.hpp"
#include "tests/deploy/manifests.hpp"

namespace sluice::tests {
namespace {

std::string to_text(const config::Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics)
    text += config::to_text(diagnostic) + '\n';
  return text;
}

/// `load` reads a file of settings; how many of that name there are.
template <typename Load>
std::size_t check_settings(const std::vector<YAML::Node>& objects, const std::string& file,
                           const Load& load) {
  std::size_t found = 0;
  for (const auto& object : objects) {
    if (object["kind"].as<std::string>() != "ConfigMap" || !object["data"][file]) continue;
    config::Diagnostics diagnostics;
    const auto text = object["data"][file].as<std::string>();
    const auto settings = load(text, title(object), diagnostics);
    INFO(to_text(diagnostics) << text);
    CHECK(settings.has_value());
    ++found;
  }
  return found;
}

std::size_t check_agents(const std::vector<YAML::Node>& objects) {
  return check_settings(objects, "sluice.yaml", config::load_settings);
}

/// What the Deployment of a kustomization runs.
YAML::Node find_pod(const std::string& directory) {
  for (const auto& object : build_kustomization(directory)) {
    if (object["kind"].as<std::string>() == "Deployment") return object["spec"]["template"]["spec"];
  }
  return {};
}

std::size_t check_controllers(const std::vector<YAML::Node>& objects) {
  return check_settings(objects, "controller.yaml", config::load_controller_settings);
}

/// The webhook section of the controller that the chart installs.
config::Webhook webhook_of(const std::vector<std::string>& arguments) {
  for (const auto& object : render_chart(arguments)) {
    if (object["kind"].as<std::string>() != "ConfigMap" || !object["data"]["controller.yaml"])
      continue;
    config::Diagnostics diagnostics;
    const auto settings = config::load_controller_settings(
        object["data"]["controller.yaml"].as<std::string>(), title(object), diagnostics);
    return settings.value().webhook.value();
  }
  FAIL("the chart has no controller");
  return {};
}

}  // namespace

TEST_CASE("all settings of the chart load", "[deploy][settings]") {
  std::size_t agents = 0;
  for (const auto& values : values_files()) {
    INFO(values);
    const auto objects = render_chart({"--values", values});
    agents += check_agents(objects);
    CHECK(check_controllers(objects) == 1);
  }
  CHECK(agents == values_files().size() - 1);  // the shape sidecar has none
}

TEST_CASE("the webhook's certificate comes from where the chart says", "[deploy][settings]") {
  const auto made = webhook_of({}).self_signed.value();
  CHECK(made.secret_name == "sluice-webhook");
  CHECK(made.namespace_name == "sluice-system");
  CHECK(made.configuration_name == "sluice-validating");
  CHECK(made.server_name == "sluice-webhook.sluice-system.svc");
  for (const std::string source : {"CertManager", "Secret"}) {
    INFO(source);
    const auto webhook = webhook_of(
        {"--set", "webhook.certificate.source=" + source + ",webhook.certificate.caBundle=QQ=="});
    CHECK_FALSE(webhook.self_signed);
    CHECK(webhook.tls.value().certificate_file == "/etc/sluice/webhook/tls.crt");
    CHECK(webhook.tls.value().private_key_file == "/etc/sluice/webhook/tls.key");
  }
}

TEST_CASE("all settings of the kustomizations load", "[deploy][settings]") {
  for (const std::string directory :
       {"overlays/service", "overlays/nodelocal", "samples/sidecar", "samples/certmanager"}) {
    INFO(directory);
    const auto objects = build_kustomization(directory);
    CHECK(check_agents(objects) == 1);
    CHECK(check_controllers(objects) == (directory == "samples/sidecar" ? 0 : 1));
  }
}

TEST_CASE("a sidecar's settings read the files that its volume has", "[deploy][settings]") {
  config::Diagnostics diagnostics;
  const auto settings = config::load_settings(
      read_text(kustomize_directory / "samples/sidecar/sluice.yaml"), "sluice.yaml", diagnostics);
  REQUIRE(settings);
  REQUIRE(settings->identity.pod);
  const auto has_file = [](const std::filesystem::path& file, const std::string& field) {
    const YAML::Node pod = find_pod("samples/sidecar");
    const std::string volume = "sluice-podinfo";
    bool found = false;
    for (const auto& mount : pod["initContainers"][0]["volumeMounts"])
      found = found || (mount["name"].as<std::string>() == volume &&
                        mount["mountPath"].as<std::string>() == file.parent_path().string());
    if (!found) return false;
    for (const auto& one : pod["volumes"]) {
      if (one["name"].as<std::string>() != volume) continue;
      for (const auto& item : one["downwardAPI"]["items"]) {
        if (item["path"].as<std::string>() == file.filename().string())
          return item["fieldRef"]["fieldPath"].as<std::string>() == field;
      }
    }
    return false;
  };
  CHECK(has_file(settings->identity.pod->labels_file, "metadata.labels"));
  CHECK(has_file(settings->identity.pod->namespace_file, "metadata.namespace"));
}

TEST_CASE("the sample policies load", "[deploy][settings]") {
  for (const std::string file :
       {"dnsfilter.yaml", "clusterdnsfilter.yaml", "sidecar/policies.yaml"}) {
    const crds::Source source{file, read_text(kustomize_directory / "samples" / file)};
    const auto result = crds::Loader{}.load({source});
    INFO(to_text(result.diagnostics));
    CHECK(result.diagnostics.empty());
    CHECK(result.object_count == 1);
  }
}

}  // namespace sluice::tests
