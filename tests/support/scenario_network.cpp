// SPDX-License-Identifier: Apache-2.0
// The stage with sockets: the real program between clients on loopback and an upstream over TLS,
// both of which live in this one thread.
#include <array>
#include <deque>
#include <functional>
#include <map>

#include <boost/asio/io_context.hpp>

#include "tests/support/scenario_client.hpp"
#include "tests/support/scenario_program.hpp"
#include "tests/support/tls_server.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

/// How long something that should come may take, and how long one waits for what should not.
constexpr auto patience = 10s;
constexpr auto doubt = 100ms;

constexpr std::array transport_names{"UDP", "TCP", "TLS", "HTTPS"};

class NetworkStage final : public ScenarioStage {
 public:
  NetworkStage(const Scenario& scenario, proxy::Transport transport,
               const std::filesystem::path& program)
      : transport_(transport),
        server_(context_, program_.upstream_certificate(),
                [this](TlsServer::Connection& connection, const Octets& query) {
                  queries_.push_back({&connection, query});
                }) {
    program_.start(program, scenario, server_.port());
  }

  void ask(std::size_t number, const ScenarioQuery& query) override {
    const auto transport = query.over.value_or(transport_);
    const std::string name = transport_names.at(static_cast<std::size_t>(transport));
    auto client = make_client({.transport = transport,
                               .port = program_.port(name),
                               .ca_file = program_.ca_file(),
                               .certificate = program_.client_certificate(query.certificate)},
                              query.from);
    client->send(query.message);
    clients_[number] = std::move(client);
  }

  std::optional<Octets> take_answer(std::size_t number) override {
    std::optional<Octets> answer;
    await([&] { return (answer = clients_.at(number)->receive()).has_value(); }, patience);
    clients_.erase(number);
    return answer;
  }

  bool has_answer(std::size_t number) override {
    return await([&] { return clients_.at(number)->receive().has_value(); }, doubt);
  }

  std::optional<Octets> upstream_query() override {
    if (!await([&] { return !queries_.empty(); }, patience)) return std::nullopt;
    return queries_.front().message;
  }
  bool has_upstream_query() override {
    context_.poll();
    return !queries_.empty();
  }
  void reply(const Octets& response) override {
    queries_.front().connection->send(response);
    queries_.pop_front();
    context_.poll();
  }
  void keep_silent() override { queries_.pop_front(); }

  void fail(proxy::UpstreamFailure) override { refuse(); }
  void set_down(bool) override { refuse(); }
  void elapse(std::chrono::milliseconds) override { refuse(); }

  std::size_t reload(const std::string& manifests) override { return program_.reload(manifests); }
  void relabel(const std::string& labels) override { program_.relabel(labels); }
  std::string metrics() override { return program_.metrics(); }
  [[nodiscard]] std::uint32_t ttl_slack() const override { return 5; }

 private:
  struct UpstreamQuery {
    TlsServer::Connection* connection;
    Octets message;
  };

  [[noreturn]] static void refuse() {
    throw ScenarioFailure(0, "this needs `only: in-process`: it cannot be done over the network");
  }

  /// Runs the upstream until `is_done`, or until `time` is over.
  bool await(const std::function<bool()>& is_done, std::chrono::milliseconds time) {
    const auto deadline = std::chrono::steady_clock::now() + time;
    while (!is_done()) {
      if (std::chrono::steady_clock::now() >= deadline) return false;
      context_.run_for(1ms);
    }
    return true;
  }

  proxy::Transport transport_;
  ScenarioProgram program_;
  boost::asio::io_context context_{1};
  std::deque<UpstreamQuery> queries_;
  TlsServer server_;
  std::map<std::size_t, std::unique_ptr<ScenarioClient>> clients_;
};

}  // namespace

std::unique_ptr<ScenarioStage> make_network_stage(const Scenario& scenario,
                                                  proxy::Transport transport,
                                                  const std::filesystem::path& program) {
  return std::make_unique<NetworkStage>(scenario, transport, program);
}

}  // namespace sluice::tests
