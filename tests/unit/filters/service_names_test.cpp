// SPDX-License-Identifier: Apache-2.0
#include "filters/service_names.hpp"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/filters/policy_builders.hpp"

using namespace sluice;
using namespace sluice::filters;

namespace {

ServiceNames names_of_shop(std::uint64_t seed = hash_seed) {
  return {{make_name("cluster.local"), make_name("clusterset.local")}, {"shop", "shop-test"}, seed};
}

/// 63 octets, the longest label there is.
const std::string long_label(63, 'x');

}  // namespace

TEST_CASE("names of other namespaces are hidden, at any depth", "[filters][service_names]") {
  const auto services = names_of_shop();
  struct Case {
    const char* what;
    std::string name;
    bool hidden;
  };
  const Case cases[] = {
      {"own service", "web.shop.svc.cluster.local", false},
      {"another's", "web.pay.svc.cluster.local", true},
      {"the tenant's second namespace", "web.shop-test.svc.cluster.local", false},
      {"a namespace that begins alike", "web.shop-live.svc.cluster.local", true},
      {"own namespace", "shop.svc.cluster.local", false},
      {"another namespace", "pay.svc.cluster.local", true},
      {"a service called like the own namespace", "shop.pay.svc.cluster.local", true},
      {"own pod", "10-0-0-1.shop.pod.cluster.local", false},
      {"another's pod", "10-0-0-1.pay.pod.cluster.local", true},
      {"own SRV", "_http._tcp.web.shop.svc.cluster.local", false},
      {"another's SRV", "_http._tcp.web.pay.svc.cluster.local", true},
      {"own pod of a headless service", "db-0.db.shop.svc.cluster.local", false},
      {"another's", "db-0.db.pay.svc.cluster.local", true},
      {"own exported service", "web.shop.svc.clusterset.local", false},
      {"another's exported service", "web.pay.svc.clusterset.local", true},
      {"any service here", "*.shop.svc.cluster.local", false},
      {"any namespace", "web.*.svc.cluster.local", true},
      {"any name below svc", "*.svc.cluster.local", true},
      {"all services", "svc.cluster.local", false},
      {"all pods", "pod.cluster.local", false},
      {"the zone", "cluster.local", false},
      {"something else in the zone", "dns-version.cluster.local", false},
      {"svc at another place", "pay.svc.other.cluster.local", false},
      {"above the zone", "local", false},
      {"the root", ".", false},
      {"outside", "web.pay.svc.example", false},
      {"a zone that ends alike", "web.pay.svc.mycluster.local", false},
      {"below the zone's name elsewhere", "web.pay.svc.cluster.local.example", false},
      {"a long name", long_label + "." + long_label + "." + long_label + ".pay.svc.cluster.local",
       true},
      {"a long name of one's own",
       long_label + "." + long_label + "." + long_label + ".shop.svc.cluster.local", false},
  };
  for (const auto& [what, name, hidden] : cases) {
    CAPTURE(what, name);
    CHECK(services.hides(make_name(name)) == hidden);
  }
}

TEST_CASE("the stand-in of a hidden name is a hidden name of the same base and depth",
          "[filters][service_names]") {
  const auto services = names_of_shop();
  struct Case {
    std::string name;
    std::string base;
    std::size_t labels;  ///< in front of the base
  };
  const Case cases[] = {
      {"pay.svc.cluster.local", "svc.cluster.local", 1},
      {"*.svc.cluster.local", "svc.cluster.local", 1},
      {"web.pay.svc.cluster.local", "svc.cluster.local", 2},
      {"_http._tcp.web.pay.svc.cluster.local", "svc.cluster.local", 2},
      {"10-0-0-1.pay.pod.cluster.local", "pod.cluster.local", 2},
      {"web.pay.svc.clusterset.local", "svc.clusterset.local", 2},
      {long_label + "." + long_label + "." + long_label + ".pay.svc.cluster.local",
       "svc.cluster.local", 2},
  };
  std::set<std::string> stand_ins;
  for (const auto& [name, base, labels] : cases) {
    CAPTURE(name);
    const dns::Name asked = make_name(name);
    REQUIRE(services.hides(asked));
    const dns::Name stand_in = services.stand_in(asked);
    CHECK(stand_in.view().is_within(make_name(base)));
    CHECK(stand_in.view().label_count() == make_name(base).view().label_count() + labels);
    CHECK(services.hides(stand_in));
    CHECK(services.stand_in(asked) == stand_in);
    stand_ins.insert(dns::to_text(stand_in));
  }
  CHECK(stand_ins.size() == std::size(cases));
}

TEST_CASE("a name that leads to a hidden one has its stand-in right below itself",
          "[filters][service_names]") {
  const auto services = names_of_shop();
  std::set<std::string> stand_ins;
  const char* const names[] = {"1.0.0.10.in-addr.arpa", "2.0.0.10.in-addr.arpa", "alias.example",
                               "svc.cluster.local", "."};
  for (const char* name : names) {
    CAPTURE(name);
    const dns::Name asked = make_name(name);
    const dns::Name stand_in = services.stand_in(asked);
    CHECK(stand_in.view().parent() == asked.view());
    CHECK(services.stand_in(asked) == stand_in);
    const auto label = stand_in.view().first_label();
    stand_ins.emplace(label.begin(), label.end());
  }
  CHECK(stand_ins.size() == std::size(names));
}

TEST_CASE("a name that leaves no room below itself has its stand-in higher up",
          "[filters][service_names]") {
  const auto services = names_of_shop();
  const std::string zone = long_label + "." + long_label + "." + long_label;
  // Hardly below 255 octets, with short labels in front, and with a long one.
  const std::string names[] = {
      "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.a.b.c.d." + zone,
      std::string(60, 'y') + "." + zone};
  for (const std::string& text : names) {
    CAPTURE(text);
    const dns::Name asked = make_name(text);
    const dns::Name stand_in = services.stand_in(asked);
    CHECK(stand_in.view().is_within(make_name(zone)));
    CHECK_FALSE(stand_in == asked);
    CHECK(stand_in.view().first_label().size() == 16);
    CHECK(services.stand_in(asked) == stand_in);
  }
}

TEST_CASE("whoever does not know the seed cannot tell a stand-in", "[filters][service_names]") {
  const dns::Name asked = make_name("web.pay.svc.cluster.local");
  CHECK_FALSE(names_of_shop(1).stand_in(asked) == names_of_shop(2).stand_in(asked));
}
