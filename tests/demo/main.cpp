// SPDX-License-Identifier: Apache-2.0
// `./dev run`: Sluice as users run it, in front of a small resolver of our own that is reached over
// verified TLS.
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "config/load.hpp"
#include "proxy/app.hpp"
#include "proxy/log.hpp"
#include "tests/demo/demo_queries.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/responder.hpp"

namespace sluice::demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* server_name = "kube-dns.kube-system.svc";
constexpr std::uint16_t resolver_port = 10853;

/// The sample settings and policies, and certificates that verify, in a directory that may be
/// edited.
config::ServerTls prepare(const fs::path& directory) {
  fs::remove_all(directory);
  fs::copy(fs::path(SLUICE_SOURCE_DIR) / "deploy/demo", directory, fs::copy_options::recursive);
  tests::CertificateAuthority authority(directory / "certificates");
  fs::copy_file(authority.file(), directory / "ca.crt");
  const auto own = authority.issue({.names = {"localhost", "127.0.0.1"}});
  fs::copy_file(own.certificate_file, directory / "tls.crt");
  fs::copy_file(own.private_key_file, directory / "tls.key");
  return authority.issue({.names = {server_name}});
}

void explain(const fs::path& directory) {
  std::cout << fmt::format(R"(
Sluice listens on 127.0.0.1: UDP and TCP 5353, TLS 8853, metrics on http://127.0.0.1:9153/metrics.
Pods are played by loopback addresses: 127.0.1.x is shop-prod, 127.0.2.x payments, 127.0.3.x ci-forks.

  dig -b 127.0.1.5 -p 5353 @127.0.0.1 ads.tracker.example
  dig -b 127.0.2.5 -p 5353 @127.0.0.1 ads.tracker.example
  kdig +tls -p 8853 @127.0.0.1 -b 127.0.1.5 www.shop.example

Edit a file in {}: the change takes effect at once. Ctrl-C ends.
)",
                           (directory / "policies").string())
            << std::flush;
}

int run(const fs::path& directory) {
  const auto certificate = prepare(directory);
  tests::ResponderOptions options;
  options.zone = zone;
  options.tls_port = resolver_port;
  options.certificate =
      tests::CertificateFiles{certificate.certificate_file, certificate.private_key_file};
  const tests::Responder resolver(options);

  config::Diagnostics diagnostics;
  auto settings = config::load_settings_file(directory / "sluice.yaml", diagnostics);
  if (settings) {
    proxy::log::configure(settings->log);
    proxy::App app(std::move(*settings));
    diagnostics = app.start();
    if (diagnostics.empty()) {
      if (!show_queries(app.listeners().front().port)) std::cout << "no answer: this is a bug\n";
      explain(directory);
      app.run();
      return 0;
    }
  }
  for (const auto& diagnostic : diagnostics)
    std::cerr << config::to_text(diagnostic) << '\n';
  return 1;
}

}  // namespace
}  // namespace sluice::demo

int main(int argc, char** argv) {
  const std::filesystem::path directory = argc > 1 ? argv[1] : SLUICE_SOURCE_DIR "/build/demo/run";
  try {
    return sluice::demo::run(directory);
  } catch (const std::exception& error) {
    std::cerr << "sluice_demo: " << error.what() << '\n';
    return 1;
  }
}
