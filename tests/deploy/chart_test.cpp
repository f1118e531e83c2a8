// SPDX-License-Identifier: Apache-2.0
// The Helm chart: every values file renders, what is misspelt is refused, what stands twice is
// equal.
#include <cstdlib>
#include <regex>
#include <set>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/deploy/manifests.hpp"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

bool is_update() {
  return std::getenv("SLUICE_UPDATE_DOCS") != nullptr;
}

const YAML::Node* find(const std::vector<YAML::Node>& objects, const std::string& wanted) {
  for (const auto& object : objects) {
    if (title(object) == wanted) return &object;
  }
  return nullptr;
}

/// Keys below a mapping in dotted form, down to what is no mapping.
void collect_keys(const YAML::Node& node, const std::string& path, std::set<std::string>& keys) {
  if (!node.IsMap() || node.size() == 0) {
    keys.insert(path);
    return;
  }
  for (const auto& entry : node)
    collect_keys(entry.second, path + '.' + entry.first.as<std::string>(), keys);
}

/// Whether the schema has a place for the dotted path of a value.
bool has_place(const json::object& schema, const std::string& path) {
  if (path.empty()) return true;
  const json::value* properties = schema.if_contains("properties");
  if (properties == nullptr) return true;  // a mapping whose keys are the user's
  const auto end = path.find('.', 1);
  const json::value* next =
      properties->as_object().if_contains(path.substr(1, end == path.npos ? end : end - 1));
  return next != nullptr && has_place(next->as_object(), end == path.npos ? "" : path.substr(end));
}

/// Every property of the schema in dotted form, with the keys of values.yaml beside it.
void require_values(const json::object& schema, const YAML::Node& values, const std::string& path) {
  const json::value* properties = schema.if_contains("properties");
  if (properties == nullptr || path == ".agent.config") return;
  CHECK(schema.at("additionalProperties") == false);
  for (const auto& [key, property] : properties->as_object()) {
    if (key == "global") continue;  // helm's own
    INFO(path << '.' << std::string(key));
    REQUIRE(values[std::string(key)].IsDefined());
    require_values(property.as_object(), values[std::string(key)], path + '.' + std::string(key));
  }
}

}  // namespace

TEST_CASE("the chart passes helm lint with every values file", "[deploy][chart]") {
  REQUIRE(values_files().size() >= 7);
  for (const auto& values : values_files()) {
    const auto lint = helm({"lint", "--strict", chart_directory, "--values", values});
    INFO(values << '\n' << lint.output << lint.errors);
    CHECK(lint.exit_code == 0);
  }
}

TEST_CASE("every shape renders its objects", "[deploy][chart]") {
  const auto service = render_chart({});
  CHECK(find(service, "DaemonSet sluice-system/sluice-agent") != nullptr);
  CHECK(find(service, "Service sluice-system/sluice-agent") != nullptr);
  CHECK(find(service, "Deployment sluice-system/sluice-controller") != nullptr);
  CHECK(find(service, "ValidatingWebhookConfiguration sluice-validating") != nullptr);
  const auto sidecar = render_chart({"--set", "shape=sidecar"});
  CHECK(find(sidecar, "DaemonSet sluice-system/sluice-agent") == nullptr);
  CHECK(find(sidecar, "ClusterRole sluice-agent") == nullptr);
  CHECK(find(sidecar, "Deployment sluice-system/sluice-controller") != nullptr);
}

TEST_CASE("agents are unprivileged in every shape", "[deploy][chart]") {
  for (const auto& values : values_files()) {
    for (const auto& object : render_chart({"--values", values})) {
      const auto kind = object["kind"].as<std::string>();
      if (kind != "DaemonSet" && kind != "Deployment") continue;
      INFO(values << ' ' << title(object));
      const YAML::Node pod = object["spec"]["template"]["spec"];
      CHECK_FALSE(pod["automountServiceAccountToken"].as<bool>());
      CHECK(pod["securityContext"]["runAsNonRoot"].as<bool>());
      for (const auto& container : pod["containers"]) {
        const auto name = container["name"].as<std::string>();
        const YAML::Node context = container["securityContext"];
        CHECK(context["readOnlyRootFilesystem"].as<bool>());
        CHECK_FALSE(context["allowPrivilegeEscalation"].as<bool>());
        CHECK(context["capabilities"]["drop"][0].as<std::string>() == "ALL");
        if (name == "netsetup") continue;  // nodeLocal.withdraw: no agent runs
        CHECK_FALSE(context["runAsUser"]);
        for (const auto& added : context["capabilities"]["add"])
          CHECK(added.as<std::string>() == "NET_BIND_SERVICE");
      }
    }
  }
}

TEST_CASE("on the node's network no port is declared", "[deploy][chart]") {
  const auto objects = render_chart({"--values", chart_directory / "ci/nodelocal-values.yaml"});
  const YAML::Node* agents = find(objects, "DaemonSet sluice-system/sluice-agent");
  REQUIRE(agents != nullptr);
  const YAML::Node pod = (*agents)["spec"]["template"]["spec"];
  CHECK(pod["hostNetwork"].as<bool>());
  CHECK_FALSE(pod["containers"][0]["ports"]);
  CHECK(pod["initContainers"][0]["securityContext"]["capabilities"]["add"][0].as<std::string>() ==
        "NET_ADMIN");
}

TEST_CASE("a misspelt or impossible value is refused", "[deploy][chart]") {
  const std::vector<std::string> wrong{"agent.wrokers=2",
                                       "shap=service",
                                       "shape=daemonset",
                                       "upstream.transport=DoT",
                                       "agent.config.cahce=1",
                                       "webhook.failurePolicy=Retry",
                                       "upstream.address=kube-dns.kube-system.svc"};
  for (const auto& value : wrong) {
    INFO(value);
    const auto outcome = helm({"template", chart_directory, "--set", value});
    CHECK(outcome.exit_code != 0);
    CHECK(outcome.errors.find("schema") != std::string::npos);
  }
}

TEST_CASE("values.yaml and its schema have the same keys", "[deploy][chart]") {
  const auto schema = json::parse(read_text(chart_directory / "values.schema.json")).as_object();
  const YAML::Node values = YAML::LoadFile(chart_directory / "values.yaml");
  std::set<std::string> keys;
  collect_keys(values, "", keys);
  for (const auto& key : keys) {
    INFO(key);
    CHECK(has_place(schema, key));
  }
  require_values(schema, values, "");
}

TEST_CASE("agent.config has the keys of sluice.yaml", "[deploy][chart]") {
  const auto schema = json::parse(read_text(chart_directory / "values.schema.json"));
  const auto& keys =
      schema.at_pointer("/properties/agent/properties/config/properties").as_object();
  const auto documented = read_text(source_directory / "docs/configuration.md");
  const auto start = documented.find("\n## Top level\n");
  const auto table = documented.substr(start, documented.find("\n## ", start + 1) - start);
  for (const auto& [key, any] : keys) {
    INFO(std::string(key));
    CHECK(table.find("\n| `" + std::string(key) + "` |") != table.npos);
  }
  const std::regex row("\n\\| `([A-Za-z]+)` \\|");
  for (std::sregex_iterator it(table.begin(), table.end(), row), end; it != end; ++it) {
    INFO(it->str(1));
    CHECK(keys.contains(it->str(1)));
  }
}

TEST_CASE("every value is commented with its own name", "[deploy][chart]") {
  const auto text = read_text(chart_directory / "values.yaml");
  std::set<std::string> keys;
  collect_keys(YAML::LoadFile(chart_directory / "values.yaml"), "", keys);
  for (std::string key : keys) {
    // A group that makes sense only as a whole is commented as a whole.
    bool is_commented = false;
    for (key.erase(0, 1); !is_commented && !key.empty();
         key.erase(key.find('.') == key.npos ? 0 : key.rfind('.')))
      is_commented = text.find("# " + key) != text.npos;
    INFO(key);
    CHECK(is_commented);
  }
}

TEST_CASE("the chart's CRDs are those of crds/schema", "[deploy][chart]") {
  const auto sources = files_in(source_directory / "crds/schema", ".yaml");
  std::size_t copies = 0;
  for (const auto& source : sources) {
    if (!source.filename().string().starts_with("sluice.dev_")) continue;
    const auto copy = chart_directory / "files/crds" / source.filename();
    if (is_update()) fs::copy_file(source, copy, fs::copy_options::overwrite_existing);
    INFO(copy << " differs: SLUICE_UPDATE_DOCS=1 copies it");
    CHECK(read_text(copy) == read_text(source));
    ++copies;
  }
  CHECK(files_in(chart_directory / "files/crds", ".yaml").size() == copies);
}

TEST_CASE("CRDs stay when the chart goes, unless told otherwise", "[deploy][chart]") {
  const std::string crd = "CustomResourceDefinition dnsfilters.sluice.dev";
  const auto kept = render_chart({});
  REQUIRE(find(kept, crd) != nullptr);
  CHECK(
      (*find(kept, crd))["metadata"]["annotations"]["helm.sh/resource-policy"].as<std::string>() ==
      "keep");
  CHECK_FALSE((*find(render_chart({"--set", "crds.keep=false"}), crd))["metadata"]["annotations"]);
  CHECK(find(render_chart({"--set", "crds.enabled=false"}), crd) == nullptr);
}

TEST_CASE("changed settings roll the pods", "[deploy][chart]") {
  const auto checksum = [](const std::vector<YAML::Node>& objects) {
    return (*find(objects,
                  "DaemonSet sluice-system/sluice-agent"))["spec"]["template"]["metadata"]
                                                          ["annotations"]["checksum/config"]
                                                              .as<std::string>();
  };
  CHECK(checksum(render_chart({})) !=
        checksum(render_chart({"--set", "agent.config.cache.maxBytes=1Mi"})));
}

}  // namespace sluice::tests
