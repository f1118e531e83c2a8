// SPDX-License-Identifier: Apache-2.0
// Status as people see it: written by the real controller to a real API server.
#include <csignal>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/kubernetes/controller_program.hpp"
#include "tests/support/eventually.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

// What other tests have left gets a status too, five a second.
constexpr auto patience = 30s;
const std::string group = "/apis/sluice.dev/v1alpha1/";

/// An object of ours, of this test alone.
struct Subject {
  std::string collection;  ///< below the group
  std::string name;

  [[nodiscard]] std::string path() const { return group + collection + '/' + name; }
};

struct World {
  void put(const Subject& subject, const std::string& kind, const std::string& spec) const {
    const std::string text = "{apiVersion: sluice.dev/v1alpha1, kind: " + kind +
                             ", metadata: {name: " + subject.name + "}, spec: " + spec + '}';
    (void)plane.client().post(group + subject.collection, text).object();
  }
  void change(const Subject& subject, const std::string& spec) const {
    (void)plane.client().patch(subject.path(), R"({"spec": )" + spec + '}').object();
  }
  [[nodiscard]] boost::json::value read(const Subject& subject) const {
    return plane.client().get(subject.path()).object();
  }
  /// `True Ready 2`: status, reason and the generation that it is about; empty without one.
  [[nodiscard]] std::string condition(const Subject& subject, const std::string& type) const {
    const auto object = read(subject);
    for (const auto& one : object.at("status").at("conditions").as_array()) {
      const auto& is = one.as_object();
      if (is.at("type") != type.c_str()) continue;
      const auto* generation = is.if_contains("observedGeneration");
      return std::string(is.at("status").as_string()) + ' ' +
             std::string(is.at("reason").as_string()) + ' ' +
             (generation == nullptr ? "-" : std::to_string(generation->as_int64()));
    }
    return {};
  }
  [[nodiscard]] bool becomes(const Subject& subject, const std::string& ready) const {
    return eventually(patience, [&] { return condition(subject, "Ready") == ready; });
  }
  [[nodiscard]] std::string version(const Subject& subject) const {
    return std::string(read(subject).at("metadata").at("resourceVersion").as_string());
  }
  [[nodiscard]] Subject filter(const std::string& name) const {
    return {"namespaces/" + shop + "/dnsfilters", name};
  }
  [[nodiscard]] bool has_event(const std::string& reason) const {
    const auto events =
        plane.client().get("/apis/events.k8s.io/v1/namespaces/" + shop + "/events").object();
    for (const auto& event : events.at("items").as_array()) {
      if (event.at("reason") == reason.c_str()) return true;
    }
    return false;
  }

  ControlPlane& plane = shared_control_plane();
  ControllerAccount account{plane};
  std::string shop = plane.make_namespace("shop");
};

const std::string good = "{rules: [{name: ads, action: Deny, domains: [ads.example]}]}";

}  // namespace

TEST_CASE("a filter that is right gets Ready, and kubectl shows it", "[kubernetes][controller]") {
  const World world;
  const ControllerProgram controller(world.account, "only");
  const Subject web = world.filter("web");
  world.put(web, "DNSFilter", good);
  const bool is_ready = world.becomes(web, "True Ready 1");
  INFO(controller.log());
  REQUIRE(is_ready);
  CHECK(world.condition(web, "Accepted") == "True Accepted 1");
  CHECK(world.condition(web, "ResolvedRefs") == "True ResolvedRefs 1");
  CHECK(world.condition(web, "Stalled").empty());
  CHECK(world.condition(web, "Programmed").empty());
  const auto status = world.read(web).at("status");
  CHECK(status.at("observedGeneration") == 1);
  CHECK(status.at("compiled").at("ruleCount") == 1);
  const auto shown = world.plane.kubectl({"get", "dnsfilters", "-n", world.shop});
  INFO(shown.output);
  CHECK(shown.output.find("READY") != std::string::npos);
  CHECK(shown.output.find("True") != std::string::npos);
  world.change(web, R"({"priority": 7})");
  CHECK(world.becomes(web, "True Ready 2"));
}

TEST_CASE("the status of an edit does not wait behind those of a start",
          "[kubernetes][controller]") {
  const World world;
  constexpr int count =
      50;  // as many as a namespace may have; at five writes a second, eight seconds
  const auto filter = [&](int number) { return world.filter("f" + std::to_string(1000 + number)); };
  for (int number = 0; number < count; ++number)
    world.put(filter(number), "DNSFilter", good);
  const ControllerProgram controller(world.account, "only");
  CHECK(world.becomes(filter(0), "True Ready 1"));
  world.change(filter(count - 1), R"({"priority": 7})");
  CHECK(world.becomes(filter(count - 1), "True Ready 2"));
  CHECK_FALSE(world.condition(filter(count - 2), "Ready").starts_with("True"));
  // Other tests' controllers would have to write those first.
  (void)world.plane.client().remove(group + world.filter("").collection);
}

TEST_CASE("what is wrong with an object is told with its reason until it is mended",
          "[kubernetes][controller]") {
  const World world;
  const ControllerProgram controller(world.account, "only");
  struct Case {
    const char* name;
    std::string spec;
    std::string reason;
    std::string mended;
  };
  const std::string rules = R"({"rules": [{"name": "ads", "action": "Deny", )";
  const Case cases[] = {
      {"list", rules + R"("domainListRefs": [{"name": "nowhere"}]}]})", "DomainListNotFound",
       rules + R"("domains": ["a.example"]}]})"},
      {"rewrite",
       R"({"rules": [{"name": "ads", "action": "Rewrite", "domains": ["a.example"],
                      "rewrite": {"addresses": ["192.0.2.1"]}}]})",
       "ActionNotDelegated", R"({"rules": [{"name": "ads", "action": "Deny",
                                            "domains": ["a.example"]}]})"},
      {"pattern", rules + R"("patterns": ["("]}]})", "Invalid",
       rules + R"("domains": ["a.example"]}]})"},
  };
  for (const Case& wrong : cases) {
    const Subject subject = world.filter(wrong.name);
    world.put(subject, "DNSFilter", wrong.spec);
    const bool is_told = world.becomes(subject, "False " + wrong.reason + " 1");
    INFO(wrong.name << controller.log());
    CHECK(is_told);
    CHECK(world.condition(subject, "Stalled").empty() == (wrong.reason != "Invalid"));
    CHECK(eventually(patience, [&] { return world.has_event(wrong.reason); }));
    world.change(subject, wrong.mended);
    CHECK(world.becomes(subject, "True Ready 2"));
    CHECK(world.condition(subject, "Stalled").empty());
  }
  CHECK(eventually(patience, [&] { return world.has_event("Ready"); }));
}

TEST_CASE("tenants are told of quotas and of namespaces that another one has",
          "[kubernetes][controller]") {
  const World world;
  const ControllerProgram controller(world.account, "only");
  const std::string selector =
      R"({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": ")" + world.shop +
      "\"}}";
  const Subject first{"dnstenants", "a-" + world.shop};
  const Subject second{"dnstenants", "b-" + world.shop};
  world.put(first, "DNSTenant", selector + R"(, "delegation": {"maxFilters": 1}})");
  world.put(world.filter("one"), "DNSFilter", good);
  CHECK(world.becomes(first, "True Ready 1"));
  CHECK(world.becomes(world.filter("one"), "True Ready 1"));
  CHECK(eventually(patience, [&] {
    const auto status = world.read(first).at("status");
    return status.at("namespaceCount") == 1 && status.at("filterCount") == 1;
  }));

  world.put(world.filter("two"), "DNSFilter", good);
  CHECK(world.becomes(world.filter("two"), "False QuotaExceeded 1"));
  CHECK(world.condition(world.filter("one"), "Ready") == "True Ready 1");
  world.put(second, "DNSTenant", selector + '}');
  CHECK(world.becomes(second, "False Conflicted 1"));
  CHECK(world.condition(first, "Ready") == "True Ready 1");

  (void)world.plane.client().remove(first.path()).object();
  CHECK(world.becomes(second, "True Ready 1"));
  CHECK(world.becomes(world.filter("two"), "True Ready 1"));
  (void)world.plane.client().remove(second.path()).object();
  INFO(controller.log());
}

TEST_CASE("lists say how many names they have", "[kubernetes][controller]") {
  const World world;
  const ControllerProgram controller(world.account, "only");
  const Subject list{"namespaces/" + world.shop + "/domainlists", "ads"};
  world.put(list, "DomainList", "{entries: [ads.example, track.example]}");
  REQUIRE(world.becomes(list, "True Ready 1"));
  CHECK(world.read(list).at("status").at("entryCount") == 2);
  CHECK(world.read(list).at("status").at("invalidEntryCount") == 0);
}

TEST_CASE("nothing is written where nothing changes, by no leader", "[kubernetes][controller]") {
  const World world;
  const Subject web = world.filter("web");
  {
    const ControllerProgram controller(world.account, "first");
    world.put(web, "DNSFilter", good);
    REQUIRE(world.becomes(web, "True Ready 1"));
  }
  const std::string before = world.version(web);
  const ControllerProgram controller(world.account, "second");
  const Subject later = world.filter("later");
  world.put(later, "DNSFilter", good);
  const bool works = world.becomes(later, "True Ready 1");
  INFO(controller.log());
  CHECK(works);
  CHECK(world.version(web) == before);
}

TEST_CASE("another controller takes over from one that is killed, and at once from one that ends",
          "[kubernetes][controller]") {
  const World world;
  auto first = std::make_unique<ControllerProgram>(world.account, "first");
  REQUIRE(first->process().wait_for_output("\"leads\"", 20s));
  CHECK(world.account.holder() == "first");
  ControllerProgram second(world.account, "second");
  CHECK_FALSE(second.process().wait_for_output("\"leads\"", 1s));

  first->process().signal(SIGKILL);
  // Its three seconds, and whatever a busy machine needs.
  CHECK(second.process().wait_for_output("\"leads\"", 8s));
  CHECK(world.account.holder() == "second");
  const Subject web = world.filter("web");
  world.put(web, "DNSFilter", good);
  CHECK(world.becomes(web, "True Ready 1"));

  ControllerProgram third(world.account, "third");
  second.process().signal(SIGTERM);
  CHECK(second.process().wait(10s) == 0);
  INFO(second.log());
  CHECK(world.account.holder() != "second");
  CHECK(third.process().wait_for_output("\"leads\"", 8s));
}

TEST_CASE("while it cannot renew its lease a controller stops leading",
          "[kubernetes][controller]") {
  const World world;
  ControllerProgram controller(world.account, "only");
  REQUIRE(controller.process().wait_for_output("\"leads\"", 20s));
  world.plane.kill_api_server();
  const bool steps_down = controller.process().wait_for_output("\"leads no more\"", 8s);
  world.plane.restart();
  INFO(controller.log());
  CHECK(steps_down);
  const Subject web = world.filter("web");
  world.put(web, "DNSFilter", good);
  CHECK(world.becomes(web, "True Ready 1"));
}

}  // namespace sluice::tests
