// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/admission_review.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kubernetes/json_access.hpp"
#include "tests/unit/kubernetes/admission_world.hpp"

namespace sluice::kubernetes {
namespace {

using Catch::Matchers::ContainsSubstring;
using tests::filter_object;
using tests::review_of;
using tests::rule_spec;

crds::Reviewer knowing(const std::vector<crds::Source>& sources) {
  crds::Reviewer reviewer;
  reviewer.update(sources);
  return reviewer;
}

AdmissionAnswer ask(const std::string& review,
                    const std::vector<crds::Source>& known = tests::narrow_tenant()) {
  const auto answer = answer_review(review, knowing(known));
  REQUIRE(answer);
  return *answer;
}

boost::json::object response_of(const AdmissionAnswer& answer) {
  const auto review = parse_object(answer.body).value();
  CHECK(find_string(review, "apiVersion") == "admission.k8s.io/v1");
  CHECK(find_string(review, "kind") == "AdmissionReview");
  return review.at("response").as_object();
}

std::vector<std::string> warnings_of(const AdmissionAnswer& answer) {
  const auto response = response_of(answer);
  std::vector<std::string> texts;
  if (const auto* warnings = response.if_contains("warnings")) {
    for (const auto& warning : warnings->as_array())
      texts.emplace_back(warning.as_string());
  }
  return texts;
}

const std::string denying = filter_object(rule_spec("Deny", R"("a.example")"));
const std::string allowing = filter_object(rule_spec("Allow", R"("a.example")"));

/// The same text with one part replaced.
std::string changed(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

struct Case {
  std::string name;
  std::string review;
  bool allowed;
  std::string verdict;  ///< the annotation
};

}  // namespace

TEST_CASE("what is denied and what is not", "[kubernetes][admission]") {
  const std::string old_allowing = R"(, "oldObject": )" + allowing;
  const std::string old_denying = R"(, "oldObject": )" + denying;
  const std::vector<Case> cases = {
      {"right", review_of(denying), true, "allowed"},
      {"not delegated", review_of(allowing), false, "ActionNotDelegated"},
      {"not delegated by an update", review_of(allowing, old_denying, "UPDATE"), false,
       "ActionNotDelegated"},
      {"an update of something else than the spec", review_of(allowing, old_allowing, "UPDATE"),
       true, "warned"},
      {"another change of what was wrong before",
       review_of(allowing, R"(, "oldObject": )" + changed(allowing, "a.example", "b.example"),
                 "UPDATE"),
       true, "warned"},
      {"wrong before in another way",
       review_of(allowing,
                 R"(, "oldObject": )" + filter_object(rule_spec("Deny", R"("192.0.2.1")")),
                 "UPDATE"),
       false, "ActionNotDelegated"},
      {"one more of what was wrong before",
       review_of(filter_object(R"({"defaultAction": "Allow", "rules": [
           {"name": "r", "action": "Allow", "domains": ["a.example"]}]})"),
                 old_allowing, "UPDATE"),
       false, "ActionNotDelegated"},
      {"on its way out",
       review_of(filter_object(rule_spec("Allow", R"("a.example")"),
                               R"(, "deletionTimestamp": "2025-01-01T00:00:00Z")"),
                 old_denying, "UPDATE"),
       true, "warned"},
      {"wrong by itself", review_of(filter_object(rule_spec("Deny", R"("192.0.2.1")"))), false,
       "Invalid"},
      {"no spec", review_of(R"({"metadata": {"name": "web"}})"), false, "Invalid"},
      {"a list that may come later",
       review_of(filter_object(
           R"({"rules": [{"name": "r", "action": "Deny", "domainListRefs": [{"name": "l"}]}]})")),
       true, "warned"},
      {"everything denied", review_of(filter_object(rule_spec("Deny", R"("*")"))), true, "warned"},
      {"a deletion", review_of("null", old_allowing, "DELETE"), true, "allowed"},
      {"a status", review_of(allowing, R"(, "subResource": "status")", "UPDATE"), true, "allowed"},
      {"a kind that is not ours",
       changed(review_of(allowing), R"("kind": "DNSFilter"})", R"("kind": "DNSThing"})"), true,
       "allowed"},
      {"another group's", changed(review_of(allowing), "\"sluice.dev\"", "\"other.dev\""), true,
       "allowed"},
      {"a version that is not known yet", changed(review_of(allowing), "\"v1alpha1\"", "\"v2\""),
       true, "allowed"},
      {"no object", review_of("null"), false, "BadRequest"},
      {"an object that is none", review_of("[1]"), false, "BadRequest"},
      {"another namespace in the object",
       review_of(filter_object(rule_spec("Allow", R"("a.example")"), R"(, "namespace": "lone")")),
       false, "ActionNotDelegated"},
      {"another namespace in the request",
       changed(review_of(allowing), R"("namespace": "shop")", R"("namespace": "lone")"), true,
       "allowed"},
  };
  for (const Case& test : cases) {
    INFO(test.name);
    const auto answer = ask(test.review);
    const auto response = response_of(answer);
    CHECK(answer.allowed == test.allowed);
    CHECK(response.at("allowed").as_bool() == test.allowed);
    CHECK(response.contains("status") == !test.allowed);
    CHECK(find_string(response, "uid") == "u-1");
    CHECK(find_string(*find_object(response, "auditAnnotations"), "verdict") == test.verdict);
    CHECK(answer.reason == (test.allowed ? "" : test.verdict));
  }
}

TEST_CASE("a denial says what is wrong and what to do", "[kubernetes][admission]") {
  const auto response = response_of(ask(review_of(allowing)));
  const auto& status = response.at("status").as_object();
  CHECK(status.at("code").as_int64() == 422);
  CHECK(find_string(status, "reason") == "Invalid");
  CHECK(find_string(status, "message") ==
        "spec.rules[0].action: Allow is not delegated to tenant 'acme', which may use: Deny; use "
        "one of these, or ask the platform for `delegation.allowedActions`");
}

TEST_CASE("a denial tells of everything at once", "[kubernetes][admission]") {
  const std::string spec = R"({"defaultAction": "Allow", "rules": [
      {"name": "r", "action": "Allow", "domains": ["a.example"]},
      {"name": "s", "action": "Rewrite", "domains": ["b.example"],
       "rewrite": {"canonicalName": "c.example"}}]})";
  const auto response = response_of(ask(review_of(filter_object(spec))));
  const std::string message(find_string(response.at("status").as_object(), "message"));
  for (const char* path : {"spec.rules[0].action", "; spec.rules[1].action", "; spec.default"})
    CHECK_THAT(message, ContainsSubstring(path));
}

TEST_CASE("a filter too many is denied, a new version of one is not", "[kubernetes][admission]") {
  auto known = tests::narrow_tenant();
  const std::string first = filter_object(rule_spec("Deny", R"("b.example")"));
  const auto key = [](const char* name) {
    return R"("metadata": {"namespace": "shop", "name": ")" + std::string(name) + '"';
  };
  known.push_back(
      {.path = "first", .text = changed(first, R"("metadata": {"name": "web")", key("first"))});
  CHECK(ask(review_of(denying), known).reason == "QuotaExceeded");
  known.back().text = changed(first, R"("metadata": {"name": "web")", key("web"));
  CHECK(ask(review_of(denying, "", "UPDATE"), known).allowed);
}

TEST_CASE("warnings are short and few", "[kubernetes][admission]") {
  std::string rules = R"({"name": "all", "action": "Deny", "domains": ["*"]})";
  for (int i = 0; i < 40; ++i) {
    rules += R"(, {"name": "r)" + std::to_string(i) +
             R"(", "action": "Deny", "domains": ["a.example"]})";
  }
  const auto answer = ask(review_of(filter_object(R"({"rules": [)" + rules + "]}")));
  CHECK(answer.allowed);
  const auto warnings = warnings_of(answer);
  REQUIRE(warnings.size() == 10);
  for (const auto& warning : warnings)
    CHECK(warning.size() <= 120);
  CHECK(warnings[0] ==
        "spec.rules[1]: never decides anything: rule 'all' before it matches all that this one "
        "does; put this rule first, or r...");
  CHECK(warnings[1].ends_with("..."));
  CHECK(warnings[9] == "and 32 more");
}

TEST_CASE("what is cut is cut between characters", "[kubernetes][admission]") {
  // An update of nothing warns of what would be denied, and repeats what was written.
  const std::string before = R"({"tier": "Admin", "subject": {"namespaceSelector": {
      "matchExpressions": [{"key": "k", "operator": "In", "values": [")";
  for (std::size_t shift = 0; shift < 3; ++shift) {
    std::string value(shift, 'x');
    for (int i = 0; i < 20; ++i)
      value += "\u20ac";
    const std::string object = filter_object(before + value + R"("]}]}}})");
    const auto review = review_of(object, R"(, "oldObject": )" + object, "UPDATE");
    std::size_t found = 0;
    for (const auto& warning : warnings_of(
             ask(changed(review, R"("kind": "DNSFilter"})", R"("kind": "ClusterDNSFilter"})")))) {
      INFO(warning);
      if (warning.find(".values[0]") == warning.npos) continue;
      ++found;
      CHECK(warning.ends_with("\u20ac..."));
      CHECK(warning.size() > 120 - 3);
      CHECK(warning.size() <= 120);
    }
    CHECK(found > 0);
  }
}

TEST_CASE("the same request gets the same answer", "[kubernetes][admission]") {
  const auto known = knowing(tests::narrow_tenant());
  for (const auto& object : {denying, allowing})
    CHECK(answer_review(review_of(object), known)->body ==
          answer_review(review_of(object), known)->body);
}

TEST_CASE("what is no review is not answered", "[kubernetes][admission]") {
  const std::string good = review_of(denying);
  const std::vector<std::string> texts = {
      "",
      "hello",
      "[]",
      "{}",
      good.substr(0, good.size() - 1),
      good + "x",
      changed(good, "admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
      changed(good, R"("kind": "AdmissionReview")", R"("kind": "Status")"),
      changed(good, R"("uid": "u-1")", R"("uid": "")"),
      changed(good, R"("uid": "u-1")", R"("uid": 1)"),
      changed(good, R"("request")", R"("response")"),
      std::string(200, '[') + std::string(200, ']'),
  };
  const auto known = knowing({});
  for (const auto& text : texts) {
    INFO(text);
    CHECK_FALSE(answer_review(text, known));
  }
}

TEST_CASE("labels of metrics are of bounded sets", "[kubernetes][admission]") {
  const auto ours = ask(review_of(allowing));
  CHECK(ours.kind == "DNSFilter");
  CHECK(ours.operation == "CREATE");
  const auto strange =
      ask(changed(changed(review_of(denying), R"("DNSFilter"})", R"("X"})"), "CREATE", "FROB"));
  CHECK(strange.kind == "other");
  CHECK(strange.operation == "other");
  CHECK(strange.allowed);
}

}  // namespace sluice::kubernetes
