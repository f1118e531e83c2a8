// SPDX-License-Identifier: Apache-2.0
#include "proxy/worker.hpp"

#include <future>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::asio::ip::udp;
using tests::Octets;

boost::asio::ip::address loopback() {
  return boost::asio::ip::address_v4::loopback();
}

/// A worker on a thread of its own. Nothing listens where its upstream should be.
struct Fixture {
  config::Settings settings = make_settings();
  RateLimiter rates;
  Worker worker{settings, {1, 1, rates}};
  std::thread thread;
  boost::asio::io_context context;

  static config::Settings make_settings() {
    config::Settings made;
    made.listeners = {{"udp", config::ListenerProtocol::udp, "127.0.0.1", 0, {}},
                      {"tcp", config::ListenerProtocol::tcp, "127.0.0.1", 0, {}}};
    config::Upstream& upstream = made.upstreams.emplace_back();
    upstream.name = "cluster";
    upstream.transport = config::UpstreamTransport::tls;
    upstream.endpoints = {{.address = "127.0.0.1", .port = 1}};
    upstream.attempt_timeout = 100ms;
    upstream.tls.server_name = "nobody.test";
    made.default_upstream = "cluster";
    made.limits.query_timeout = 500ms;
    return made;
  }

  ~Fixture() {
    worker.drain();
    if (thread.joinable()) thread.join();
  }

  /// Opens both listeners, makes everybody a client of `namespace_name`, and runs.
  void start(const std::string& namespace_name = "shop") {
    REQUIRE(worker.connect_upstreams({{0, settings.upstreams[0]}}).empty());
    for (std::uint16_t i = 0; i < 2; ++i) {
      const auto port = worker.listen(settings.listeners[i], i, std::nullopt);
      REQUIRE(port);
      settings.listeners[i].port = *port;
    }
    thread = std::thread([this] { worker.run(); });
    set_clients(namespace_name);
  }
  void set_clients(const std::string& namespace_name) {
    auto clients = std::make_shared<filters::ClientMap>();
    const auto zones = std::make_shared<const std::vector<dns::Name>>();
    const auto chain =
        std::make_shared<const filters::Chain>(std::array<filters::Chain::Part, 3>{}, zones);
    clients->set_unknown(std::make_shared<const filters::Client>(
        filters::Client{namespace_name, namespace_name, chain, 2}));
    std::promise<std::thread::id> done;
    worker.set_clients(clients, [&done] { done.set_value(std::this_thread::get_id()); });
    CHECK(done.get_future().get() == thread.get_id());
  }

  tests::MessageText ask_udp(const std::string& question) {
    udp::socket socket(context, udp::endpoint(loopback(), 0));
    socket.connect({loopback(), settings.listeners[0].port});
    socket.send(boost::asio::buffer(tests::make_query(question, {.edns = dns::OptOut{}})));
    Octets answer(4096);
    answer.resize(socket.receive(boost::asio::buffer(answer)));
    return tests::read_message(answer);
  }
  tests::MessageText ask_tcp(tcp::socket& socket, const std::string& question) {
    const Octets query = tests::make_query(question, {.edns = dns::OptOut{}});
    const std::array<std::uint8_t, 2> size{0, static_cast<std::uint8_t>(query.size())};
    boost::asio::write(socket, std::array{boost::asio::buffer(size), boost::asio::buffer(query)});
    std::array<std::uint8_t, 2> prefix{};
    boost::asio::read(socket, boost::asio::buffer(prefix));
    Octets answer(static_cast<std::size_t>(prefix[0]) << 8 | prefix[1]);
    boost::asio::read(socket, boost::asio::buffer(answer));
    return tests::read_message(answer);
  }
  tcp::socket connect() {
    tcp::socket socket(context);
    socket.connect({loopback(), settings.listeners[1].port});
    return socket;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a worker serves UDP and TCP", "[proxy][worker]") {
  start();
  CHECK(ask_udp("www.example. ANY").rcode == "NOERROR");
  tcp::socket socket = connect();
  CHECK(ask_tcp(socket, "www.example. ANY").rcode == "NOERROR");
  CHECK(ask_tcp(socket, "www.example. AXFR").rcode == "REFUSED");
  const auto* counters = worker.counters().tenants.find(2);
  REQUIRE(counters != nullptr);
  CHECK(counters->requests[0].value() == 1);
  CHECK(counters->requests[1].value() == 1);
}

TEST_CASE_METHOD(Fixture, "queries that wait are answered on every transport", "[proxy][worker]") {
  start();
  CHECK(ask_udp("www.example. A").rcode == "SERVFAIL");
  tcp::socket socket = connect();
  CHECK(ask_tcp(socket, "other.example. A").rcode == "SERVFAIL");
}

TEST_CASE_METHOD(Fixture, "draining ends a worker that has nothing to do", "[proxy][worker]") {
  start();
  tcp::socket socket = connect();
  CHECK(ask_tcp(socket, "www.example. ANY").rcode == "NOERROR");
  worker.drain();
  thread.join();
  std::array<std::uint8_t, 1> octet{};
  boost::system::error_code error;
  socket.read_some(boost::asio::buffer(octet), error);
  CHECK(error);
}

TEST_CASE_METHOD(Fixture, "draining waits for answers under way", "[proxy][worker]") {
  start();
  tcp::socket socket = connect();
  CHECK(ask_tcp(socket, "www.example. ANY").rcode == "NOERROR");
  auto answer = std::async(std::launch::async, [&] { return ask_tcp(socket, "www.example. A"); });
  while (worker.counters().cache.misses.value() == 0)
    std::this_thread::yield();
  worker.drain();
  CHECK(answer.get().rcode == "SERVFAIL");
  thread.join();
}

TEST_CASE_METHOD(Fixture, "an address that is taken or not there is told", "[proxy][worker]") {
  config::Listener elsewhere = settings.listeners[0];
  elsewhere.address = "192.0.2.1";
  CHECK_FALSE(worker.listen(elsewhere, 0, std::nullopt));
}

TEST_CASE_METHOD(Fixture, "an upstream whose CA file is not there is told by its name",
                 "[proxy][worker]") {
  settings.upstreams[0].tls.ca_file = "/nowhere/ca.pem";
  const auto problems = worker.connect_upstreams({{0, settings.upstreams[0]}});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].starts_with("upstream cluster: "));
}

TEST_CASE("the settings' limits reach the pipeline", "[proxy][worker]") {
  config::Settings settings;
  settings.limits.max_udp_payload = 1400;
  settings.limits.idle_timeout = 2500ms;
  settings.limits.query_timeout = 3s;
  settings.cache.max_ttl = 100s;
  settings.cache.max_negative_ttl = 10s;
  const PipelineOptions options = pipeline_options(settings, 7);
  CHECK(options.response.max_udp_payload == 1400);
  CHECK(options.response.keepalive == 25);
  CHECK(options.query_timeout == 3s);
  CHECK(options.ttl.max_ttl == 100);
  CHECK(options.ttl.max_negative_ttl == 10);
  CHECK(options.hash_seed == 7);
}

}  // namespace sluice::proxy
