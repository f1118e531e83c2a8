// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_reload.hpp"

#include <fstream>

#include <boost/asio/executor_work_guard.hpp>
#include <catch2/catch_test_macros.hpp>

#include "proxy/policy_directory.hpp"
#include "tests/support/certificate.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;

constexpr const char* good = R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec: {rules: [{name: closed, action: Deny, domains: [closed.example]}]}
)";
constexpr const char* bad = R"(
apiVersion: sluice.dev/v1alpha1
kind: DNSFilter
metadata: {name: web, namespace: shop}
spec: {rules: [{name: closed, action: Forbid, domains: [closed.example]}]}
)";

/// Remembers what it was told.
struct ToldSource final : PolicySource {
  void start(PolicySourceCallbacks /*unused*/) override {}
  std::optional<crds::Sources> read(config::Diagnostics& /*unused*/) override { return sources; }
  void take_in_force(const std::set<std::string>& paths) override { refused = paths; }
  [[nodiscard]] bool is_local() const override { return false; }

  crds::Sources sources;
  std::set<std::string> refused;
};

struct Fixture {
  tests::TemporaryDirectory directory;
  TenantRegistry tenants{10};
  WorkerCounters counters;
  DecisionRegistry decisions{tenants, {&counters}};
  ProcessStatus status{"test"};
  config::Settings settings = make_settings();
  UpstreamRegistry upstreams{settings};
  boost::asio::io_context control;
  DirectorySource source{control, directory.path()};
  PolicyReload reload = make_reload(source, [] {});
  config::Diagnostics diagnostics;

  PolicyReload make_reload(PolicySource& from, std::function<void()> on_lists_change) {
    return {settings,
            make_identities(),
            {from, tenants, decisions, upstreams, status, control, 1},
            std::move(on_lists_change)};
  }
  config::Settings make_settings() const {
    config::Settings made;
    made.lists.directory = directory.path();
    made.identity.static_entries = {{"shop", {"10.0.1.0/24"}, {}, {}}};
    return made;
  }
  StaticIdentities make_identities() {
    config::Diagnostics none;
    return *StaticIdentities::make(settings, none);
  }
  void write(const std::string& text) const {
    std::ofstream(directory.path() / "web.yaml") << text;
  }
  std::shared_ptr<const filters::ClientMap> load() {
    diagnostics.clear();
    const auto result = reload.load(diagnostics);
    return result ? result->clients : nullptr;
  }
  static bool denies(const filters::ClientMap& clients) {
    const auto* client = clients.find(*filters::Address::from_text("10.0.1.5"), 0);
    filters::DecisionTrail trail;
    const auto name = *dns::Name::from_text("closed.example.");
    return client->chain->judge(name, dns::Type::a, trail).action == filters::Action::deny;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "what the directory says is what clients get", "[proxy][reload]") {
  write(good);
  const auto clients = load();
  REQUIRE(clients);
  CHECK(diagnostics.empty());
  CHECK(denies(*clients));
  fs::remove(directory.path() / "web.yaml");
  CHECK_FALSE(denies(*load()));
}

TEST_CASE_METHOD(Fixture, "a policy set is in force when the workers have it", "[proxy][reload]") {
  write(good);
  load();
  CHECK_FALSE(status.values().policy);
  reload.commit();
  REQUIRE(status.values().policy);
  CHECK(status.values().policy->generation == 1);
  CHECK(status.values().policy->objects == 1);
  CHECK(status.values().policy->invalid_objects == 0);
  CHECK(status.values().reloads_succeeded == 1);
  reload.commit();
  CHECK(status.values().reloads_succeeded == 1);
}

TEST_CASE_METHOD(Fixture, "an object that gets wrong keeps its last good version",
                 "[proxy][reload]") {
  write(good);
  load();
  reload.commit();
  write(bad);
  const auto clients = load();
  reload.commit();
  REQUIRE(clients);
  CHECK(diagnostics.size() == 1);
  CHECK(denies(*clients));
  CHECK(status.values().policy->generation == 2);
  CHECK(status.values().policy->invalid_objects == 1);
  CHECK(status.values().reloads_failed == 1);
}

TEST_CASE_METHOD(Fixture, "nothing changes while the directory cannot be read", "[proxy][reload]") {
  write(good);
  load();
  reload.commit();
  fs::create_symlink("nowhere", directory.path() / "dangling.yaml");
  CHECK(load() == nullptr);
  CHECK(diagnostics.size() == 1);
  CHECK(status.values().policy->generation == 1);
  CHECK(status.values().reloads_failed == 1);
  fs::remove(directory.path() / "dangling.yaml");
  REQUIRE(load());
  reload.commit();
  CHECK(status.values().policy->generation == 2);
}

TEST_CASE_METHOD(Fixture, "tenants and rules that are gone are told no more", "[proxy][reload]") {
  write(good);
  const auto clients = load();
  reload.commit();
  const auto* client = clients->find(*filters::Address::from_text("10.0.1.5"), 0);
  filters::DecisionTrail trail;
  const auto name = *dns::Name::from_text("closed.example.");
  counters.decisions.at(client->chain->judge(name, dns::Type::a, trail).slot).add();
  REQUIRE(decisions.counts().size() == 1);
  CHECK(decisions.counts()[0].labels.rule == "closed");
  fs::remove(directory.path() / "web.yaml");
  load();
  reload.commit();
  CHECK(decisions.counts().empty());
}

TEST_CASE_METHOD(Fixture, "a filter is refused for as long as its list is not there",
                 "[proxy][reload]") {
  ToldSource told;
  told.sources = {{"ClusterDomainList feed", R"({apiVersion: sluice.dev/v1alpha1,
    kind: ClusterDomainList, metadata: {name: feed}, spec: {file: {path: feed.txt}}})"},
                  {"ClusterDNSFilter malware", R"({apiVersion: sluice.dev/v1alpha1,
    kind: ClusterDNSFilter, metadata: {name: malware}, spec: {tier: Admin, rules: [
    {name: feed, action: Deny, domainListRefs: [{kind: ClusterDomainList, name: feed}]}]}})"},
                  {"DNSFilter shop/web", good}};
  bool is_changed = false;
  PolicyReload reloaded = make_reload(told, [&is_changed] { is_changed = true; });
  REQUIRE(reloaded.load(diagnostics));
  reloaded.commit();
  CHECK(told.refused == std::set<std::string>{"ClusterDNSFilter malware"});

  std::ofstream(directory.path() / "feed.txt") << "evil.example\n";
  const auto work = boost::asio::make_work_guard(control);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!is_changed && std::chrono::steady_clock::now() < deadline)
    control.run_one_for(std::chrono::milliseconds(100));
  REQUIRE(is_changed);
  reloaded.compile({});
  reloaded.commit();
  CHECK(told.refused.empty());
}

}  // namespace sluice::proxy
