// SPDX-License-Identifier: Apache-2.0
// The six tenants of crds/examples/six-tenants.yaml, as they stand there, with CoreDNS behind them:
// what each of them is answered.
#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"

namespace sluice::tests {
namespace {

const std::string checkout = payments_pod;
const std::string batch = "127.0.12.5";
const std::string shop = "127.0.11.5";
const std::string runner = "127.0.13.5";
const std::string erp = "127.0.14.5";
const std::string pupil = "127.0.15.5";
const std::string edge = "127.0.16.5";

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), by);
}

std::string labelled_namespace(const std::string& name, const std::string& tenant) {
  return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name +
         ", labels: {tenant.example.com/name: " + tenant + "}}\n";
}

/// The example's corporate resolver is CoreDNS too; all else is as it stands in the file.
std::string policies(const Workspace& workspace, std::uint16_t upstream_port) {
  workspace.write("lists/malware/current.txt", "evil.malware.example\nx.platform.example\n");
  workspace.write("ca-bundles/corp-dns-ca/ca.crt", read_file(workspace.authority()));
  std::string text = read_file(SLUICE_SOURCE_DIR "/crds/examples/six-tenants.yaml");
  replace(text, "  - address: 127.0.0.54\n", "");
  replace(text, "  - address: 127.0.0.53 ",
          "  - {address: 127.0.0.1, port: " + std::to_string(upstream_port) + "} ");
  replace(text, "serverName: dns.corp.example", "serverName: kube-dns.test");
  for (const char* tenant : {"payments", "shop", "school", "geo"})
    text += labelled_namespace(tenant == std::string("shop")  ? "shop-prod"
                               : tenant == std::string("geo") ? "geo-edge"
                                                              : tenant,
                               tenant);
  text += labelled_namespace("ci-forks", "ci-forks");
  return text;
}

/// The rig with the six tenants' policies in force.
struct SixTenants {
  SixTenants() {
    rig.workspace.write("policies/six-tenants.yaml", policies(rig.workspace, rig.coredns.port()));
    std::filesystem::remove(rig.workspace.path() / "policies/payments.yaml");
    std::filesystem::remove(rig.workspace.path() / "policies/shop.yaml");
    REQUIRE(eventually(std::chrono::seconds(10), [&] {
      return ask(shop, "a.tracker.example").rcode() == "NXDOMAIN" &&
             ask(checkout, "evil.malware.example").rcode() == "NOERROR" &&
             ask(erp, "host.corp.example").rcode() == "NOERROR";
    }));
  }
  [[nodiscard]] Reply ask(const std::string& from, const std::string& name,
                          const std::string& type = "A") const {
    return dig(rig.udp(from), {name, type});
  }

  Rig rig;
};

}  // namespace

TEST_CASE("the worked table of the tenants' policies holds for real queries", "[e2e][six]") {
  const SixTenants six;
  const auto malware = six.ask(checkout, "evil.malware.example");
  CHECK(malware.contains("192.0.2.1"));
  CHECK(malware.has_ede(15));
  const auto platform = six.ask(checkout, "x.platform.example");
  CHECK(platform.rcode() == "NXDOMAIN");
  CHECK(platform.has_ede(17));
  CHECK(six.ask(checkout, "api.psp.example").contains("192.0.2.50"));
  const auto cloaked = six.ask(checkout, "cloaked.psp-cdn.example");
  CHECK(cloaked.contains("192.0.2.1"));
  CHECK_FALSE(cloaked.contains("192.0.2.66"));
  CHECK(six.ask(checkout, "psp-cdn.example").rcode() == "NXDOMAIN");
  CHECK(six.ask(checkout, "orders.payments.svc.cluster.local").contains("10.96.0.9"));
  CHECK(six.ask(checkout, "api.psp.example.payments.svc.cluster.local").rcode() == "NXDOMAIN");
  CHECK(six.ask(batch, "api.psp.example").rcode() == "NXDOMAIN");
}

TEST_CASE("another tenant's service looks like one that does not exist", "[e2e][six]") {
  const SixTenants six;
  // The part of dig's words that is the answer: status, flags and records.
  const auto told = [&](const std::string& name, const std::string& type) {
    const std::string text = six.ask(checkout, name, type).text();
    const auto authority = text.find(";; AUTHORITY SECTION:");
    const auto end = text.find(";; Query time", authority);
    return six.ask(checkout, name, type).rcode() + text.substr(authority, end - authority);
  };
  CHECK(six.ask(shop, "web.shop-prod.svc.cluster.local").contains("10.96.0.7"));
  CHECK(told("web.shop-prod.svc.cluster.local", "A") ==
        told("nobody.shop-prod.svc.cluster.local", "A"));
  CHECK(told("web.shop-prod.svc.cluster.local", "SRV") ==
        told("nobody.payments.svc.cluster.local", "SRV"));
  CHECK(told("7.0.96.10.in-addr.arpa", "PTR") == told("8.0.96.10.in-addr.arpa", "PTR"));
  CHECK(six.ask(checkout, "9.0.96.10.in-addr.arpa", "PTR").contains("orders.payments"));
}

TEST_CASE("each tenant gets what its own filters say", "[e2e][six]") {
  const SixTenants six;
  CHECK(six.ask(shop, "a.metrics.example").rcode() == "NXDOMAIN");
  CHECK(six.ask(shop, "shop.metrics.example").rcode() == "NXDOMAIN");  // allowed, and CoreDNS's own
  CHECK_FALSE(six.ask(shop, "shop.metrics.example").has_ede(17));
  CHECK(six.ask(shop, "use-application-dns.net").has_ede(15));
  CHECK(six.ask(runner, "www.example", "TXT").rcode() == "REFUSED");
  CHECK(six.ask(runner, "x.pool.example").has_ede(17));
  CHECK(six.ask(runner, "a.paste.example").contains("192.0.2.80"));  // on trial
  CHECK(six.ask(erp, "db01.corp.example").contains("10.96.0.8"));
  CHECK(six.ask(erp, "host.corp.example").contains("192.0.2.60"));
  CHECK(six.ask(pupil, "www.search.example").contains("192.0.2.70"));
  CHECK(six.ask(edge, "s3.us-east-1.cloud.example").has_ede(17));
  CHECK(six.rig.sluice.get("/metrics").find("rule=\"paste\",action=\"deny\",mode=\"audit\"} 1") !=
        std::string::npos);
}

TEST_CASE("a running Sluice explains its verdicts", "[e2e][six]") {
  const SixTenants six;
  const std::string report = six.rig.sluice.get(
      "/api/v1/explain?namespace=payments&podLabels=app%3Dcheckout&name=x.platform.example");
  CHECK(report.find("\"action\":\"Deny\"") != std::string::npos);
  CHECK(report.find("\"outcome\":\"passes\",\"reason\":\"domain .platform.example\"") !=
        std::string::npos);
}

}  // namespace sluice::tests
