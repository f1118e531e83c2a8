// SPDX-License-Identifier: Apache-2.0
// The resolver behind the servers of ./dev bench: one wildcard zone over DoT.
#include <csignal>
#include <iostream>

#include <CLI/CLI.hpp>

#include "tests/support/responder.hpp"

int main(int argc, char** argv) {
  CLI::App commands("A toy resolver for benchmarks: every name of the zone has an address",
                    "sluice_responder");
  sluice::tests::ResponderOptions options;
  sluice::tests::CertificateFiles certificate;
  std::string zone = "zone.test";
  commands.add_option("--dot", options.tls_port, "Port for DNS over TLS")->required();
  commands.add_option("--certificate", certificate.certificate, "PEM file")->required();
  commands.add_option("--key", certificate.private_key, "PEM file")->required();
  commands.add_option("--zone", zone, "Name of the zone");
  CLI11_PARSE(commands, argc, argv);
  options.certificate = certificate;
  options.zone = zone + ". 3600 SOA ns." + zone + ". hostmaster." + zone +
                 ". 1 3600 600 86400 60\n*." + zone + ". 3600 A 192.0.2.1\n";
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM})
    sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the responder's thread inherits the mask
  const sluice::tests::Responder responder(options);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}
