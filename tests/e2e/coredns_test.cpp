// SPDX-License-Identifier: Apache-2.0
// What clients of two tenants are answered, over every transport, with CoreDNS behind Sluice.
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/rig.hpp"
#include "tests/e2e/tcp_client.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++n;
  return n;
}

}  // namespace

TEST_CASE("two tenants get different answers to the same question", "[e2e]") {
  const Rig rig;
  const auto shop = dig(rig.udp(shop_pod), {"denied.e2e.test", "A"});
  CHECK(shop.rcode() == "NXDOMAIN");
  CHECK(shop.has_ede(17));
  CHECK(shop.contains("shop/no-trackers"));
  CHECK(shop.contains("tracker"));
  const auto payments = dig(rig.udp(payments_pod), {"denied.e2e.test", "A"});
  CHECK(payments.rcode() == "NOERROR");
  CHECK(payments.contains("192.0.2.20"));

  CHECK(dig(rig.udp(shop_pod), {"allowed.e2e.test", "A"}).contains("192.0.2.10"));
  const auto by_default = dig(rig.udp(payments_pod), {"allowed.e2e.test", "A"});
  CHECK(by_default.rcode() == "NXDOMAIN");
  CHECK(by_default.has_ede(17));
}

TEST_CASE("a chain of aliases is followed, and denied when it ends at a denied name", "[e2e]") {
  const Rig rig;
  CHECK(dig(rig.udp(shop_pod), {"alias.e2e.test", "A"}).contains("192.0.2.10"));
  const auto cloaked = dig(rig.udp(shop_pod), {"cloaked.e2e.test", "A"});
  CHECK(cloaked.rcode() == "NXDOMAIN");
  CHECK(cloaked.has_ede(17));
  CHECK_FALSE(cloaked.contains("192.0.2.20"));
}

TEST_CASE("a rule says how it denies, and whoever is nobody's client is refused", "[e2e]") {
  const Rig rig;
  CHECK(dig(rig.udp(shop_pod), {"x.wild.e2e.test", "A"}).rcode() == "REFUSED");
  const auto stranger = dig(rig.udp("127.0.3.1"), {"allowed.e2e.test", "A"});
  CHECK(stranger.rcode() == "REFUSED");
  CHECK(stranger.has_ede(18));
}

TEST_CASE("an answer too large for UDP is cut off there and whole over TCP", "[e2e]") {
  const Rig rig;
  const auto cut = dig(rig.udp(shop_pod), {"big.e2e.test", "TXT", "+ignore"});
  CHECK(cut.contains(" tc "));
  const auto whole = dig(rig.tcp(shop_pod), {"big.e2e.test", "TXT", "+tcp"});
  CHECK_FALSE(whole.contains(" tc "));
  CHECK(count(whole.text(), "IN\tTXT\t") == 20);
}

TEST_CASE("over TLS a tenant gets the same verdicts", "[e2e]") {
  const Rig rig;
  const auto allowed = kdig_tls(rig.workspace, rig.tls(shop_pod), "allowed.e2e.test");
  CHECK(allowed.contains("TLS session"));
  CHECK(allowed.contains("192.0.2.10"));
  const auto denied = kdig_tls(rig.workspace, rig.tls(shop_pod), "denied.e2e.test");
  CHECK(denied.contains("NXDOMAIN"));
}

TEST_CASE("over HTTPS a tenant gets the same verdicts, by POST and by GET", "[e2e]") {
  const Rig rig;
  for (const std::string method : {"+https", "+https-get"}) {
    INFO(method);
    const auto ask = [&](const std::string& name) {
      return kdig_tls(rig.workspace, rig.https(shop_pod), name, {"+https", method});
    };
    const auto allowed = ask("allowed.e2e.test");
    INFO(allowed.text());
    CHECK(allowed.rcode() == "NOERROR");
    CHECK(allowed.contains("HTTP/2"));
    const auto denied = ask("denied.e2e.test");
    INFO(denied.text());
    CHECK(denied.rcode() == "NXDOMAIN");
  }
}

TEST_CASE("curl gets DNS messages with their media type, and errors without", "[e2e]") {
  if (!has_program("curl")) SKIP("curl is not installed");
  const Rig rig;
  const std::string port = std::to_string(rig.sluice.port("https"));
  const auto curl = [&](const std::string& path) {
    return run({.arguments = {"curl", "-s", "-o", "-", "--http2", "-w",
                              "%{http_version} %{http_code} %{content_type}", "--interface",
                              shop_pod, "--cacert", rig.workspace.authority().string(), "--resolve",
                              "sluice.test:" + port + ":127.0.0.1",
                              "https://sluice.test:" + port + path},
                .environment = {},
                .directory = {}},
               20s)
        .output;
  };
  // allowed.e2e.test. A, with ID 0
  const std::string question = "AAABAAABAAAAAAAAB2FsbG93ZWQDZTJlBHRlc3QAAAEAAQ";
  CHECK(curl("/dns-query?dns=" + question).ends_with("2 200 application/dns-message"));
  CHECK(curl("/dns-query?dns=*").starts_with("2 400"));
  CHECK(curl("/").starts_with("2 404"));
}

TEST_CASE("a certificate that is renewed is shown without a restart", "[e2e]") {
  const Rig rig;
  const auto answers = [&](const std::string& rcode) {
    return eventually(30s, [&] {
      return kdig_tls(rig.workspace, rig.tls(shop_pod), "allowed.e2e.test").rcode() == rcode;
    });
  };
  const std::string metric = "sluice_certificate_expiry_timestamp_seconds{listener=\"tls\"}";
  CHECK(rig.sluice.get("/metrics").find(metric) != std::string::npos);
  CHECK(answers("NOERROR"));
  const TemporaryDirectory directory;
  CertificateAuthority stranger(directory.path());
  const auto renewed = stranger.issue({.names = {"sluice.test"}});
  const auto& shown = rig.workspace.sluice();
  const auto replace = [](const auto& from, const auto& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  };
  replace(renewed.certificate_file, shown.certificate_file);
  replace(renewed.private_key_file, shown.private_key_file);
  CHECK(answers(""));  // of an authority that the client does not know
  CHECK(rig.sluice.get("/readyz").find("ok") != std::string::npos);
}

TEST_CASE("queries pipelined on one connection are all answered, quick ones before a slow one",
          "[e2e]") {
  static constexpr std::uint16_t queries = 200;
  const Rig rig;
  const TcpClient client(shop_pod, rig.sluice.port("tcp"));
  // Into the cache of this connection's worker: CoreDNS itself answers in order on a connection.
  client.send(framed(make_query("allowed.e2e.test. A")));
  REQUIRE(read_message(client.receive_message()).rcode == "NOERROR");
  Octets all = framed(make_query("first.slow.e2e.test. A", {.id = 0}));
  for (std::uint16_t id = 1; id < queries; ++id) {
    const auto query = framed(make_query("allowed.e2e.test. A", {.id = id}));
    all.insert(all.end(), query.begin(), query.end());
  }
  client.send(all);
  std::vector<std::uint16_t> order;
  for (int i = 0; i < queries; ++i) {
    const auto answer = read_message(client.receive_message());
    CHECK(answer.rcode == "NOERROR");
    CHECK(answer.answer.size() == 1);
    order.push_back(answer.id);
  }
  CHECK(std::set(order.begin(), order.end()).size() == queries);
  CHECK(order.front() != 0);
  CHECK(order.back() == 0);
}

TEST_CASE("metrics tell the tenants apart and say which rule decided", "[e2e]") {
  const Rig rig;
  dig(rig.udp(shop_pod), {"denied.e2e.test", "A"});
  dig(rig.udp(payments_pod), {"denied.e2e.test", "A"});
  const std::string metrics = rig.sluice.get("/metrics");
  CHECK(metrics.starts_with("HTTP/1.1 200"));
  CHECK(metrics.find("tenant=\"shop\"") != std::string::npos);
  CHECK(metrics.find("tenant=\"payments\"") != std::string::npos);
  CHECK(metrics.find("rule=\"tracker\"") != std::string::npos);
  CHECK(rig.sluice.get("/readyz").starts_with("HTTP/1.1 200"));
}

}  // namespace sluice::tests
