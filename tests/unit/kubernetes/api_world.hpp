// SPDX-License-Identifier: Apache-2.0
// A fake API server with a plan, and credentials for it, in one event loop.
#pragma once

#include <deque>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kubernetes/credentials.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/fake_api_server.hpp"

namespace sluice::tests {

struct ApiWorld {
  using Exchange = FakeApiServer::ExchangePointer;
  using Answer = std::function<void(const Exchange& exchange)>;

  TemporaryDirectory directory;
  CertificateAuthority ca{directory.path() / "ca"};
  std::filesystem::path ca_file = directory.path() / "ca-in-use.crt";
  std::filesystem::path token_file = directory.path() / "token";
  boost::asio::io_context context{1};
  /// What the next requests are answered with; requests beyond it are not answered.
  std::deque<Answer> plan;
  std::vector<ApiServerRequest> requests;
  /// The last one: for a watch that goes on.
  Exchange exchange;
  FakeApiServer server{context, ca.issue({.names = {"127.0.0.1"}}),
                       [this](const Exchange& came) { take(came); }};
  kubernetes::Credentials credentials = make_credentials();

  kubernetes::Credentials make_credentials() {
    use_authority(ca);
    write_token("first");
    return kubernetes::Credentials({.host = "127.0.0.1",
                                    .port = server.port(),
                                    .ca = {.file = ca_file},
                                    .token = {.file = token_file}});
  }
  void use_authority(const CertificateAuthority& authority) const {
    std::filesystem::copy_file(authority.file(), ca_file,
                               std::filesystem::copy_options::overwrite_existing);
  }
  void write_token(const std::string& token) const { std::ofstream(token_file) << token; }

  /// False when it does not come to that: whatever takes five seconds has gone wrong.
  template <typename Condition>
  bool run_until(const Condition& condition) {
    while (!condition()) {
      if (context.stopped()) context.restart();
      if (context.run_one_for(std::chrono::seconds(5)) == 0) return false;
    }
    return true;
  }

 private:
  void take(const Exchange& came) {
    requests.push_back(came->request());
    exchange = came;
    if (plan.empty()) return;
    const Answer answer = std::move(plan.front());
    plan.pop_front();
    answer(came);
  }
};

/// An answer as a whole.
inline ApiWorld::Answer answering(unsigned status, const std::string& body = "{}",
                                  const FakeApiServer::Headers& headers = {}) {
  return [=](const ApiWorld::Exchange& exchange) { exchange->answer(status, body, headers); };
}

}  // namespace sluice::tests
