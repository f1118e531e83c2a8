// SPDX-License-Identifier: Apache-2.0
#include "proxy/cluster_zones.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::proxy {
namespace {

using Lines = std::vector<std::string>;

Lines texts(const std::vector<dns::Name>& names) {
  Lines lines;
  for (const dns::Name& name : names)
    lines.push_back(to_text(name));
  return lines;
}

Lines zones_of(const std::string& cidr) {
  return texts(reverse_zones(*filters::Prefix::from_text(cidr)));
}

}  // namespace

TEST_CASE("a prefix that ends at a label is one reverse zone", "[proxy][cluster_zones]") {
  struct Case {
    std::string cidr;
    std::string zone;
  };
  const std::vector<Case> cases{
      {"10.0.0.0/8", "10.in-addr.arpa."},
      {"10.20.0.0/16", "20.10.in-addr.arpa."},
      {"192.0.2.0/24", "2.0.192.in-addr.arpa."},
      {"192.0.2.1/32", "1.2.0.192.in-addr.arpa."},
      {"0.0.0.0/0", "in-addr.arpa."},
      {"::/0", "ip6.arpa."},
      {"fd00::/8", "d.f.ip6.arpa."},
      {"2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa."},
      {"fd00:1234::/36", "0.4.3.2.1.0.0.d.f.ip6.arpa."},
      {"fd00::1/128", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa."},
  };
  for (const Case& one : cases) {
    CAPTURE(one.cidr);
    CHECK(zones_of(one.cidr) == Lines{one.zone});
  }
}

TEST_CASE("a prefix that ends inside a label is as many zones as it has values there",
          "[proxy][cluster_zones]") {
  CHECK(zones_of("10.0.4.0/22") == Lines{"4.0.10.in-addr.arpa.", "5.0.10.in-addr.arpa.",
                                         "6.0.10.in-addr.arpa.", "7.0.10.in-addr.arpa."});
  CHECK(zones_of("192.0.2.254/31") ==
        Lines{"254.2.0.192.in-addr.arpa.", "255.2.0.192.in-addr.arpa."});
  CHECK(zones_of("10.96.0.0/12").size() == 16);
  CHECK(zones_of("10.96.0.0/12").back() == "111.10.in-addr.arpa.");
  CHECK(zones_of("0.0.0.0/1").size() == 128);
  CHECK(zones_of("fc00::/7") == Lines{"c.f.ip6.arpa.", "d.f.ip6.arpa."});
  CHECK(zones_of("8000::/1").size() == 8);
  CHECK(zones_of("8000::/1").front() == "8.ip6.arpa.");
}

TEST_CASE("the cluster's zones are its domain, the set's, and all reverse zones",
          "[proxy][cluster_zones]") {
  const std::vector<filters::Prefix> cidrs{*filters::Prefix::from_text("10.0.0.0/8"),
                                           *filters::Prefix::from_text("fd00::/8")};
  CHECK(texts(cluster_zones(*dns::Name::from_text("k8s.example."), cidrs)) ==
        Lines{"k8s.example.", "clusterset.local.", "10.in-addr.arpa.", "d.f.ip6.arpa."});
}

}  // namespace sluice::proxy
