// SPDX-License-Identifier: Apache-2.0
// What only a real API server makes of our CRDs: names, columns, selectors, generations.
#include <algorithm>
#include <sstream>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {
namespace {

constexpr const char* group = "/apis/sluice.dev/v1alpha1";

/// One object of each kind, with what its columns show.
constexpr const char* one_of_each = R"(apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: columns, namespace: $NAMESPACE}
spec: {priority: 7, enforcementMode: Audit, defaultAction: Deny}
---
apiVersion: sluice.dev/v1alpha1
kind: DomainList
metadata: {name: columns, namespace: $NAMESPACE}
spec: {entries: [a.example]}
---
apiVersion: sluice.dev/v1alpha1
kind: ClusterDNSFilter
metadata: {name: columns}
spec:
  tier: Baseline
  priority: 9
  rules: [{name: r, action: Deny, domains: [a.example]}]
---
apiVersion: sluice.dev/v1alpha1
kind: ClusterDomainList
metadata: {name: columns}
spec: {entries: [a.example]}
---
apiVersion: sluice.dev/v1alpha1
kind: DNSTenant
metadata: {name: columns}
spec: {namespaceSelector: {matchLabels: {a: b}}}
---
apiVersion: sluice.dev/v1alpha1
kind: DNSUpstream
metadata: {name: columns}
spec: {transport: UDP, endpoints: [{address: 192.0.2.1}]}
)";

/// Applies the objects, and takes those outside of namespaces away again.
class OneOfEach {
 public:
  explicit OneOfEach(ControlPlane& plane)
      : plane_(plane), namespace_(plane.make_namespace("columns")) {
    std::string text = one_of_each;
    for (auto at = text.find("$NAMESPACE"); at != text.npos; at = text.find("$NAMESPACE"))
      text.replace(at, std::string_view("$NAMESPACE").size(), namespace_);
    plane.directory().write("one-of-each.yaml", text);
    const auto applied = plane.kubectl({"apply", "--server-side", "-f", "one-of-each.yaml"});
    INFO(applied.errors);
    REQUIRE(applied.exit_code == 0);
  }
  ~OneOfEach() {
    static_cast<void>(plane_.kubectl({"delete", "--ignore-not-found", "-f", "one-of-each.yaml"}));
  }
  OneOfEach(const OneOfEach&) = delete;
  OneOfEach& operator=(const OneOfEach&) = delete;

  [[nodiscard]] const std::string& namespace_name() const { return namespace_; }
  [[nodiscard]] std::string filter() const {
    return std::string(group) + "/namespaces/" + namespace_ + "/dnsfilters/columns";
  }
  /// The lines of `kubectl get`, with single spaces.
  [[nodiscard]] std::vector<std::string> get(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{"get"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto outcome = plane_.kubectl(command);
    INFO(outcome.errors);
    CHECK(outcome.exit_code == 0);
    std::vector<std::string> result;
    std::istringstream lines(outcome.output);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string text;
      for (std::string word; words >> word;)
        text += (text.empty() ? "" : " ") + word;
      if (!text.empty()) result.push_back(text);
    }
    return result;
  }

 private:
  ControlPlane& plane_;
  std::string namespace_;
};

std::string head_of(const std::vector<std::string>& lines) {
  return lines.empty() ? "" : lines.front();
}

/// The row of our object, without its age; other tests may have objects outside of namespaces too.
std::string row_of(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (line.starts_with("columns ")) return line.substr(0, line.rfind(' '));
  }
  return "";
}

std::int64_t generation_of(const ApiAnswer& answer) {
  return answer.object().at("metadata").at("generation").as_int64();
}

struct Columns {
  std::string kind;  ///< by its short name
  std::string head;
  std::string row;  ///< without the age
  std::string wide_head;
};

constexpr const char* ready_status = R"({"status": {
  "nodes": {"desired": 3, "updated": 2, "summary": "2/3"},
  "conditions": [{"type": "Ready", "status": "True", "reason": "Programmed", "message": "",
                  "observedGeneration": 1, "lastTransitionTime": "2026-01-01T00:00:00Z"}]}})";

}  // namespace

TEST_CASE("our CRDs are established without a complaint", "[kubernetes][crds]") {
  auto& plane = shared_control_plane();
  const auto list =
      plane.client().get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions").object();
  const auto& crds = list.at("items").as_array();
  CHECK(crds.size() == crds::embedded_crds().size());
  for (const auto& crd : crds) {
    INFO(boost::json::serialize(crd.at("metadata").at("name")));
    const auto& conditions = crd.at("status").at("conditions").as_array();
    CHECK(conditions.size() == 2);  // more would be a complaint, such as NonStructuralSchema
    for (const auto& condition : conditions) {
      INFO(boost::json::serialize(condition));
      CHECK(condition.at("status") == "True");
    }
  }
}

TEST_CASE("kubectl get shows the columns of each kind", "[kubernetes][crds]") {
  const OneOfEach objects(shared_control_plane());
  const std::vector<Columns> table = {
      {"dnsf", "NAME PRIORITY MODE DEFAULT READY PROGRAMMED AGE", "columns 7 Audit Deny Unknown",
       "NAME PRIORITY MODE DEFAULT READY PROGRAMMED REASON AGE"},
      {"dnslist", "NAME ENTRIES READY AGE", "columns Unknown",
       "NAME ENTRIES READY INVALID REASON AGE"},
      {"cdnsf", "NAME TIER PRIORITY MODE READY PROGRAMMED AGE",
       "columns Baseline 9 Enforce Unknown", "NAME TIER PRIORITY MODE READY PROGRAMMED REASON AGE"},
      {"cdnslist", "NAME ENTRIES READY AGE", "columns Unknown",
       "NAME ENTRIES READY INVALID REASON AGE"},
      {"dnst", "NAME NAMESPACES FILTERS READY AGE", "columns Unknown",
       "NAME NAMESPACES FILTERS READY REASON AGE"},
      {"dnsup", "NAME TRANSPORT READY PROGRAMMED AGE", "columns UDP Unknown",
       "NAME TRANSPORT READY PROGRAMMED REASON AGE"},
  };
  for (const auto& [kind, head, row, wide_head] : table) {
    INFO(kind);
    const auto lines = objects.get({kind, "-n", objects.namespace_name()});
    CHECK(head_of(lines) == head);
    CHECK(row_of(lines) == row);
    CHECK(head_of(objects.get({kind, "-n", objects.namespace_name(), "-o", "wide"})) == wide_head);
  }
}

TEST_CASE("kubectl get shows whether an object is in force, and where", "[kubernetes][crds]") {
  auto& plane = shared_control_plane();
  const OneOfEach objects(plane);
  REQUIRE(plane.client().patch(objects.filter() + "/status", ready_status).status == 200);
  const std::string row = "columns 7 Audit Deny True 2/3";
  CHECK(row_of(objects.get({"dnsfilters", "-n", objects.namespace_name()})) == row);
  CHECK(row_of(objects.get({"dnsfilters", "-n", objects.namespace_name(), "-o", "wide"})) ==
        row + " Programmed");
  CHECK(head_of(objects.get({"dnsfilters", "-A"})) ==
        "NAMESPACE NAME PRIORITY MODE DEFAULT READY PROGRAMMED AGE");
}

TEST_CASE("the category sluice has all of our kinds", "[kubernetes][crds]") {
  const OneOfEach objects(shared_control_plane());
  const auto lines = objects.get({"sluice", "-A", "-o", "name"});
  for (const char* kind : {"clusterdnsfilter", "clusterdomainlist", "dnsfilter", "dnstenant",
                           "dnsupstream", "domainlist"}) {
    INFO(kind);
    CHECK(std::ranges::count(lines, std::string(kind) + ".sluice.dev/columns") == 1);
  }
}

TEST_CASE("a status is written beside the spec and raises no generation", "[kubernetes][crds]") {
  auto& plane = shared_control_plane();
  const OneOfEach objects(plane);
  const auto admin = plane.client();
  CHECK(generation_of(admin.get(objects.filter())) == 1);

  const auto with_status = admin.patch(objects.filter() + "/status", ready_status);
  CHECK(generation_of(with_status) == 1);
  CHECK(with_status.object().at("status").at("nodes").at("updated") == 2);

  const auto spec_by_status =
      admin.patch(objects.filter() + "/status", R"({"spec": {"priority": 8}})");
  CHECK(spec_by_status.object().at("spec").at("priority") == 7);

  const auto changed =
      admin.patch(objects.filter(), R"({"spec": {"priority": 8}, "status": {"nodes": null}})");
  CHECK(generation_of(changed) == 2);
  CHECK(changed.object().at("status").at("nodes").at("updated") == 2);
}

TEST_CASE("filters can be selected by mode and by tier", "[kubernetes][crds]") {
  const OneOfEach objects(shared_control_plane());
  struct Selection {
    std::vector<std::string> arguments;
    bool finds;
  };
  const std::vector<Selection> table = {
      {{"dnsfilters", "-n", objects.namespace_name(), "--field-selector",
        "spec.enforcementMode=Audit"},
       true},
      {{"dnsfilters", "-n", objects.namespace_name(), "--field-selector",
        "spec.enforcementMode=Enforce"},
       false},
      {{"clusterdnsfilters", "--field-selector", "spec.tier=Baseline"}, true},
      {{"clusterdnsfilters", "--field-selector", "spec.tier=Admin"}, false},
  };
  for (const auto& [arguments, finds] : table) {
    INFO(arguments.back());
    CHECK(row_of(objects.get(arguments)).empty() != finds);
  }
}

}  // namespace sluice::tests
