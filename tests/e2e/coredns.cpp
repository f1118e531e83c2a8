// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/coredns.hpp"

#include <csignal>
#include <stdexcept>

#include "tests/support/built_program.hpp"
#include "tests/support/free_port.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

const std::filesystem::path home = SLUICE_COREDNS_HOME;

// `big` is larger than any UDP answer that Sluice sends; `brief` lives for a second.
constexpr const char* zone = R"($ORIGIN e2e.test.
$TTL 300
@          IN SOA ns admin 1 3600 600 86400 60
@          IN NS ns
ns         IN A 192.0.2.1
allowed    IN A 192.0.2.10
denied     IN A 192.0.2.20
alias      IN CNAME middle
middle     IN CNAME allowed
cloaked    IN CNAME cloak
cloak      IN CNAME denied
brief      1 IN A 192.0.2.30
*.wild     IN A 192.0.2.40
)";

// What the six tenants of crds/examples/six-tenants.yaml ask for, all in one zone.
constexpr const char* world = R"($ORIGIN .
$TTL 300
@                                     IN SOA ns.e2e.test. admin.e2e.test. 1 3600 600 86400 60
@                                     IN NS ns.e2e.test.
www.example                           IN A 192.0.2.90
api.psp.example                       IN CNAME edge.cdn.example
edge.cdn.example                      IN A 192.0.2.50
cloaked.psp-cdn.example               IN CNAME evil.malware.example
evil.malware.example                  IN A 192.0.2.66
a.paste.example                       IN A 192.0.2.80
host.corp.example                     IN A 192.0.2.60
forcesafe.search.example              IN A 192.0.2.70
orders.payments.svc.cluster.local     IN A 10.96.0.9
web.shop-prod.svc.cluster.local       IN A 10.96.0.7
erp-db.legacy-erp.svc.cluster.local   IN A 10.96.0.8
7.0.96.10.in-addr.arpa                IN PTR web.shop-prod.svc.cluster.local.
9.0.96.10.in-addr.arpa                IN PTR orders.payments.svc.cluster.local.
)";

std::string zone_text() {
  std::string text = zone;
  for (char letter = 'a'; letter < 'a' + 20; ++letter)
    text += "big IN TXT \"" + std::string(200, letter) + "\"\n";
  return text;
}

struct Ports {
  std::uint16_t tls;
  std::uint16_t https;
};

std::string corefile(const Ports& ports, const config::ServerTls& tls) {
  const std::string number = std::to_string(ports.tls);
  const std::string common = "  bind 127.0.0.1\n  tls " + tls.certificate_file.string() + " " +
                             tls.private_key_file.string() + "\n  log\n  errors\n";
  return "tls://e2e.test:" + number + " {\n" + common + "  file e2e.zone\n}\n" +
         "tls://.:" + number + " {\n" + common + "  file world.zone\n}\n" +
         "https://e2e.test:" + std::to_string(ports.https) + " {\n" + common +
         "  file e2e.zone\n}\n" + "tls://slow.e2e.test:" + number + " {\n" + common +
         "  erratic {\n    drop 0\n    delay 1 500ms\n  }\n}\n";
}

}  // namespace

std::optional<std::string> reason_without_coredns() {
  return reason_without(home / "coredns", "no CoreDNS: run tools/build_coredns");
}

CoreDns::CoreDns(const Workspace& workspace) : workspace_(workspace) {
  workspace.write("e2e.zone", zone_text());
  workspace.write("world.zone", world);
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = likely_free_port();
    https_port_ = likely_free_port();
    if (try_start()) return;
  }
  throw std::runtime_error("CoreDNS does not start: " + log());
}

void CoreDns::start() {
  if (!try_start()) throw std::runtime_error("CoreDNS does not start again: " + log());
}

void CoreDns::stop() {
  process_->signal(SIGKILL);
  process_->wait(10s);
}

std::string CoreDns::log() const {
  return process_->output() + process_->errors();
}

bool CoreDns::try_start() {
  workspace_.write("Corefile", corefile({port_, https_port_}, workspace_.upstream()));
  process_ = std::make_unique<Process>(
      Command{.arguments = {(home / "coredns").string(), "-conf", "Corefile"},
              .environment = {},
              .directory = workspace_.path()});
  return process_->wait_for_output("CoreDNS-", 20s);
}

}  // namespace sluice::tests
