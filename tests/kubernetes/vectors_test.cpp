// SPDX-License-Identifier: Apache-2.0
// A real API server and Sluice judge the same objects the same, down to the field and the default.
// tests/crd_vectors asks the server's code without a server, which is quick enough for every build;
// here are what comes with the server alone: strict decoding, admission, the words of its answers.
#include <algorithm>
#include <iterator>
#include <set>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "config/yaml.hpp"
#include "crds/field.hpp"
#include "crds/schemas.hpp"
#include "tests/crd_vectors/object_vectors.hpp"
#include "tests/kubernetes/control_plane.hpp"

namespace sluice::tests {
namespace {

namespace json = boost::json;

class Judge {
 public:
  explicit Judge(const ControlPlane& plane) : plane_(plane) {}

  /// As `kubectl apply --dry-run=server --validate=strict` of a new object.
  ApiAnswer ask(const ObjectVector& vector) {
    std::string plural = vector.key.kind + "s";
    std::ranges::transform(plural, plural.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string scope;
    if (const auto& name = vector.key.namespace_name; !name.empty()) {
      scope = "namespaces/" + name + '/';
      if (namespaces_.insert(name).second) plane_.ensure_namespace(name);
    }
    return plane_.client().post(
        "/apis/sluice.dev/v1alpha1/" + scope + plural + "?dryRun=All&fieldValidation=Strict",
        vector.object);
  }

 private:
  const ControlPlane& plane_;
  std::set<std::string> namespaces_;
};

using Paths = std::set<std::string>;

/// Where the two name different fields of an object that both refuse.
struct Difference {
  std::string vector;
  Paths server;
  const char* reason;
};

const std::vector<Difference>& differences() {
  static const std::vector<Difference> table = {
      {"rules, two rules of one name", {"spec"}, "the rule in CEL is one of the whole spec"},
      {"ClusterDNSFilters, two rules of one name", {"spec"}, "as above"},
      {"schedules, a start at 24:00",
       {"spec.rules[0].schedule", "spec.rules[0].schedule.startTime"},
       "the rule that compares start and end is asked as well"},
      {"the shape of an object, rules that are a mapping",
       {"spec.rules.name"},
       "strict decoding comes first, and knows no field below a list"},
  };
  return table;
}

/// The fields that strict decoding does not know; the answer has them in its sentence alone.
Paths unknown_fields(std::string_view message) {
  constexpr std::string_view introduction = "unknown field \"";
  Paths paths;
  for (auto at = message.find(introduction); at != message.npos;) {
    const auto begin = at + introduction.size();
    const auto end = message.find('"', begin);
    paths.emplace(message.substr(begin, end - begin));
    at = message.find(introduction, end);
  }
  return paths;
}

Paths paths_of(const ApiAnswer& answer) {
  const json::value status = answer.json();
  if (answer.status == 400) return unknown_fields(status.at("message").as_string());
  Paths paths;
  for (const auto& cause : status.at("details").at("causes").as_array()) {
    const auto& field = cause.at("field").as_string();
    if (field != "<nil>") paths.emplace(field);  // "some validation rules were not checked"
  }
  return paths;
}

Paths paths_of(const config::Diagnostics& problems) {
  Paths paths;
  for (const config::Diagnostic& problem : problems) {
    if (problem.severity == config::Severity::error) paths.insert(problem.path);
  }
  return paths;
}

/// What the server says of the object, as far as it can: after a field that it does not know it
/// looks at nothing else.
Paths expected_paths(const ObjectVector& vector, const ApiAnswer& answer) {
  const auto listed = std::ranges::find(differences(), vector.name, &Difference::vector);
  if (listed != differences().end()) return listed->server;
  const Paths ours = paths_of(vector.problems);
  if (answer.status != 400) return ours;
  Paths both;
  std::ranges::set_intersection(ours, paths_of(answer), std::inserter(both, both.end()));
  return both;
}

std::string text_of(const json::value& scalar) {
  return scalar.is_string() ? std::string(scalar.as_string()) : json::serialize(scalar);
}

/// Whether the server's value is ours; `path` becomes the one of the first difference.
bool is_same(const config::Node& ours, const json::value& server, std::string& path) {
  const std::string here = path;
  if (ours.is_mapping() && server.is_object()) {
    for (const auto& [name, value] : server.as_object()) {
      path = here + '.' + std::string(name);
      if (!is_same(ours[name], value, path)) return false;
    }
    path = here;
    return ours.size() == server.as_object().size();
  }
  if (ours.is_list() && server.is_array()) {
    const json::array& items = server.as_array();
    for (std::size_t i = 0; i < std::min(ours.size(), items.size()); ++i) {
      path = here + '[' + std::to_string(i) + ']';
      if (!is_same(ours.items()[i], items[i], path)) return false;
    }
    path = here;
    return ours.size() == items.size();
  }
  return ours.is_scalar() && !server.is_object() && !server.is_array() &&
         ours.text() == text_of(server);
}

/// The spec as Sluice completes it when it reads the object from a directory.
config::Node completed_spec(const ObjectVector& vector) {
  config::Diagnostics problems;
  auto documents = config::parse_yaml(vector.object, "object.yaml", problems);
  REQUIRE(documents.size() == 1);
  crds::Report report("object.yaml", problems);
  crds::apply_schema(crds::spec_schema(vector.key.kind),
                     crds::Field(documents[0], "", report).child("spec"));
  CHECK(problems.empty());
  return documents[0]["spec"];
}

}  // namespace

TEST_CASE("the API server refuses what Sluice refuses, for the same fields", "[kubernetes][crds]") {
  Judge judge(shared_control_plane());
  std::size_t listed = 0;
  for (const ObjectVector& vector : wrong_objects()) {
    const ApiAnswer answer = judge.ask(vector);
    INFO(vector.name << "\n" << vector.object << "\n" << answer.text);
    CHECK((answer.status == 201) == vector.is_right);
    if (answer.status == 201) continue;
    CHECK(!paths_of(answer).empty());
    CHECK(paths_of(answer) == expected_paths(vector, answer));
    listed += static_cast<std::size_t>(
        std::ranges::count(differences(), vector.name, &Difference::vector));
  }
  CHECK(listed == differences().size());
}

TEST_CASE("the API server accepts what Sluice accepts, and completes it alike",
          "[kubernetes][crds]") {
  Judge judge(shared_control_plane());
  for (const ObjectVector& vector : right_objects()) {
    const ApiAnswer answer = judge.ask(vector);
    INFO(vector.name << "\n" << vector.object << "\n" << answer.text);
    CHECK((answer.status == 201) == vector.is_right);
    if (!vector.is_right || answer.status != 201) continue;
    std::string path = "spec";
    const bool same = is_same(completed_spec(vector), answer.json().at("spec"), path);
    INFO("different at " << path);
    CHECK(same);
  }
}

}  // namespace sluice::tests
