// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_connection.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nghttp2/nghttp2.h>

#include "tests/support/http2_client.hpp"
#include "tests/unit/proxy/stream_fixture.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;
using tests::Http2Client;

/// DoH clients on loopback, without TLS.
struct HttpFixture : StreamFixture {
  struct Peer {
    tcp::socket socket;
    std::unique_ptr<Http2Client> client;
    bool is_closed = false;

    void write(const Octets& octets) {
      boost::system::error_code error;
      socket.write_some(boost::asio::buffer(octets), error);
    }
    void talk() {
      write(client->take_output());
      std::array<std::uint8_t, 16384> buffer{};
      boost::system::error_code error;
      while (!error) {
        const std::size_t size = socket.read_some(boost::asio::buffer(buffer), error);
        client->receive(std::span(buffer).first(size));
      }
      is_closed = is_closed || error != boost::asio::error::would_block;
      write(client->take_output());
    }
  };

  Peer dial(std::uint32_t window = 65535) {
    tcp::socket socket(context);
    socket.connect(acceptor.local_endpoint());
    return take_in(std::move(socket), acceptor.accept(), window);
  }
  /// Through buffers that take little of what is written.
  Peer dial_narrow() {
    tcp::socket socket(context);
    socket.open(tcp::v4());
    socket.set_option(tcp::socket::receive_buffer_size(4096));
    socket.connect(acceptor.local_endpoint());
    tcp::socket accepted = acceptor.accept();
    accepted.set_option(tcp::socket::send_buffer_size(4096));
    return take_in(std::move(socket), std::move(accepted), 65535);
  }
  Peer take_in(tcp::socket socket, tcp::socket accepted, std::uint32_t window) {
    Origin origin = tests::PipelineWorld::origin("127.0.1.5", Transport::https);
    connections.add_http(make_tcp_stream(std::move(accepted)), origin, "/dns-query");
    socket.non_blocking(true);
    socket.set_option(tcp::no_delay(true));
    Peer peer{std::move(socket), std::make_unique<Http2Client>(window)};
    talk(peer);
    return peer;
  }
  /// Puts "large.example. A", of 1.6 kB, into the cache.
  void warm_up_large() {
    tests::Response response;
    for (int i = 0; i < 100; ++i)
      response.answer.push_back("large.example. 3600 A 192.0.2." + std::to_string(i));
    world.ask("large.example. A", {.from = "127.0.0.1"});
    world.upstream().answer(response);
    world.replies().clear();
  }
  /// A few turns: each side answers the other.
  void talk(Peer& peer) {
    for (int i = 0; i < 3; ++i) {
      peer.talk();
      poll();
    }
    peer.talk();
  }
  [[nodiscard]] std::uint64_t errors(HttpError error) const {
    return world.counters().http_errors[static_cast<std::size_t>(error)].value();
  }
  static Octets query(const std::string& question) { return tests::make_query(question); }
};

}  // namespace

TEST_CASE_METHOD(HttpFixture, "queries by GET and POST are answered from the cache",
                 "[proxy][http]") {
  warm_up();
  Peer peer = dial();
  const auto get = peer.client->get("/dns-query?dns=" + tests::base64url(query("hit.example. A")));
  const auto post = peer.client->post("/dns-query", query("hit.example. A"));
  talk(peer);
  for (const auto stream : {get, post}) {
    const auto& response = peer.client->response(stream);
    REQUIRE(response.status == "200");
    CHECK(tests::read_message(response.body).answer ==
          std::vector<std::string>{"hit.example. 3600 IN A 192.0.2.1"});
    CHECK(response.headers.at("cache-control") == "private, max-age=3600");
  }
  CHECK(world.tenant("shop").requests[static_cast<std::size_t>(Transport::https)].value() == 2);
}

TEST_CASE_METHOD(HttpFixture, "answers that come late find their request", "[proxy][http]") {
  Peer peer = dial();
  const auto first = peer.client->post("/dns-query", query("one.example. A"));
  const auto second = peer.client->post("/dns-query", query("two.example. A"));
  talk(peer);
  CHECK_FALSE(peer.client->response(first).is_whole);
  for (const char* name : {"one", "two"})
    world.upstream().answer(
        tests::Response{.answer = {std::string(name) + ".example. 60 A 192.0.2.1"}});
  poll();
  talk(peer);
  CHECK(tests::read_message(peer.client->response(first).body).question == "one.example. A");
  CHECK(tests::read_message(peer.client->response(second).body).question == "two.example. A");
}

TEST_CASE_METHOD(HttpFixture, "what is no query has its status, and is counted", "[proxy][http]") {
  Peer peer = dial();
  Octets response = query("www.example. A");
  response[2] |= 0x80;
  const auto answer = peer.client->post("/dns-query", response);
  const auto elsewhere = peer.client->get("/");
  const auto text = peer.client->post("/dns-query", query("www.example. A"), "text/plain");
  const auto malformed = peer.client->post("/dns-query", Octets(20, 0));
  talk(peer);
  CHECK(peer.client->response(answer).status == "400");
  CHECK(peer.client->response(elsewhere).status == "404");
  CHECK(peer.client->response(text).status == "415");
  CHECK(peer.client->response(malformed).status == "200");  // FORMERR is a DNS message
  CHECK(errors(HttpError::bad_request) == 1);
  CHECK(errors(HttpError::not_found) == 1);
  CHECK(errors(HttpError::unsupported_media_type) == 1);
}

TEST_CASE_METHOD(HttpFixture, "an answer is padded for a client that pads", "[proxy][http]") {
  warm_up();
  Peer peer = dial();
  // OPT with an empty Padding option (RFC 7830).
  Octets padded = tests::make_query("hit.example. A", {.edns = dns::OptOut{}});
  padded.back() = 4;
  padded.insert(padded.end(), {0, 12, 0, 0});
  const auto stream = peer.client->post("/dns-query", padded);
  talk(peer);
  CHECK(peer.client->response(stream).body.size() == 468);
}

TEST_CASE_METHOD(HttpFixture, "a request that is taken back leaves its answer nowhere to go",
                 "[proxy][http]") {
  Peer peer = dial();
  const auto stream = peer.client->post("/dns-query", query("one.example. A"));
  talk(peer);
  peer.client->reset(stream);
  talk(peer);
  answer();
  CHECK(world.counters().dropped[static_cast<std::size_t>(DropReason::closed)].value() == 1);
  const auto next = peer.client->get("/");
  talk(peer);
  CHECK(peer.client->response(next).status == "404");
}

TEST_CASE_METHOD(HttpFixture, "requests that are taken back still count as waiting",
                 "[proxy][http][security]") {
  limits.max_queries_per_connection = 10;
  Peer peer = dial();
  for (int i = 0; i < 50; ++i) {
    const auto stream =
        peer.client->post("/dns-query", query("n" + std::to_string(i) + ".example. A"));
    talk(peer);
    peer.client->reset(stream);
    peer.talk();
  }
  CHECK(world.upstream().pending().size() <= 11);
  CHECK(limited(LimitReason::queries_per_connection) >= 1);
}

TEST_CASE_METHOD(HttpFixture, "many requests that come at once wait for each other",
                 "[proxy][http][security]") {
  limits.max_queries_per_connection = 10;
  Peer peer = dial();
  std::vector<std::int32_t> streams;
  for (int i = 0; i < 50; ++i)
    streams.push_back(
        peer.client->post("/dns-query", query("n" + std::to_string(i) + ".example. A")));
  talk(peer);
  CHECK(world.upstream().sent() == 10);
  answer();
  CHECK(world.upstream().sent() == 11);
  while (world.upstream().has_pending())
    answer();
  talk(peer);
  for (const auto stream : streams)
    CHECK(peer.client->response(stream).is_whole);
}

TEST_CASE_METHOD(HttpFixture, "pings are no progress: the connection ends when it is idle",
                 "[proxy][http][security]") {
  Peer peer = dial();
  for (int i = 0; i < 12; ++i) {
    peer.write(tests::http2_frame(NGHTTP2_PING, 0, 0, Octets(8)));
    talk(peer);
    elapse(1s);
  }
  peer.talk();
  CHECK(peer.is_closed);
  CHECK(limited(LimitReason::idle_timeout) == 1);
}

TEST_CASE_METHOD(HttpFixture, "a body that drips is no progress", "[proxy][http][security]") {
  Peer peer = dial();
  peer.client->post("/dns-query", Octets(65535));
  const Octets request = peer.client->take_output();
  std::size_t sent = 0;
  for (int i = 0; i < 12 && !peer.is_closed; ++i) {
    peer.write(Octets(request.begin() + static_cast<std::ptrdiff_t>(sent),
                      request.begin() + static_cast<std::ptrdiff_t>(sent + 100)));
    sent += 100;
    poll();
    elapse(1s);
    peer.talk();
  }
  CHECK(peer.is_closed);
}

TEST_CASE_METHOD(HttpFixture, "a window that never opens is closed when nothing else happens",
                 "[proxy][http][security]") {
  warm_up();
  Peer peer = dial(0);
  peer.client->post("/dns-query", query("hit.example. A"));
  talk(peer);
  elapse(9s);
  peer.talk();
  CHECK_FALSE(peer.is_closed);
  elapse(1s);
  peer.talk();
  CHECK(peer.is_closed);
}

TEST_CASE_METHOD(HttpFixture, "a flood ends with the right code and is counted",
                 "[proxy][http][security]") {
  Peer peer = dial();
  for (int i = 0; i < 2000 && !peer.is_closed; ++i) {
    peer.write(tests::http2_frame(NGHTTP2_PRIORITY, 0, 1, {0, 0, 0, 0, 0}));
    if (i % 100 == 0) talk(peer);
  }
  talk(peer);
  CHECK(peer.is_closed);
  CHECK(peer.client->farewell() == static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM));
  CHECK(limited(LimitReason::http_frames) == 1);
  CHECK(connections.empty());
}

TEST_CASE_METHOD(HttpFixture, "who speaks HTTP/1.1 is sent away", "[proxy][http]") {
  Peer peer = dial();
  const std::string text = "GET /dns-query HTTP/1.1\r\nHost: a\r\n\r\n";
  Peer plain{tcp::socket(context), std::make_unique<Http2Client>()};
  plain.socket.connect(acceptor.local_endpoint());
  connections.add_http(make_tcp_stream(acceptor.accept()),
                       tests::PipelineWorld::origin("127.0.1.5", Transport::https), "/dns-query");
  plain.write(Octets(text.begin(), text.end()));
  poll();
  CHECK(world.counters().connections[static_cast<std::size_t>(Transport::https)].value() == 1);
}

TEST_CASE_METHOD(HttpFixture, "who says goodbye and reads slowly gets its answers",
                 "[proxy][http]") {
  warm_up_large();
  Peer peer = dial_narrow();
  peer.client->widen(0, 1 << 20);
  std::vector<std::int32_t> streams;
  for (int i = 0; i < 90; ++i)
    streams.push_back(peer.client->post("/dns-query", query("large.example. A")));
  peer.write(peer.client->take_output());
  peer.write(tests::http2_frame(NGHTTP2_GOAWAY, 0, 0, Octets(8)));
  poll();
  for (int i = 0; i < 200 && !peer.is_closed; ++i)
    talk(peer);
  for (const auto stream : streams)
    CHECK(peer.client->response(stream).is_whole);
  CHECK(peer.is_closed);
}

TEST_CASE_METHOD(HttpFixture, "draining answers what was asked and then closes", "[proxy][http]") {
  Peer peer = dial();
  const auto stream = peer.client->post("/dns-query", query("one.example. A"));
  talk(peer);
  connections.drain();
  talk(peer);
  CHECK(peer.client->farewell() == static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  elapse(300ms);
  talk(peer);
  CHECK_FALSE(peer.is_closed);
  answer();
  talk(peer);
  CHECK(peer.client->response(stream).is_whole);
  CHECK_FALSE(peer.is_closed);
  elapse(300ms);
  talk(peer);
  CHECK(peer.is_closed);
}

TEST_CASE_METHOD(HttpFixture, "queries that are under way when draining begins are answered",
                 "[proxy][http]") {
  warm_up();
  Peer peer = dial();
  elapse(5s);
  connections.drain();
  poll();
  const auto first = peer.client->post("/dns-query", query("hit.example. A"));
  const auto second = peer.client->post("/dns-query", query("one.example. A"));
  talk(peer);  // writes before it reads what it was told
  CHECK(peer.client->response(first).is_whole);
  elapse(300ms);
  answer();
  talk(peer);
  CHECK(peer.client->response(second).is_whole);
}

TEST_CASE_METHOD(HttpFixture, "a connection without queries is drained soon", "[proxy][http]") {
  Peer peer = dial();
  connections.drain();
  talk(peer);
  CHECK(peer.client->farewell() == static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  CHECK_FALSE(peer.is_closed);
  elapse(300ms);
  talk(peer);
  CHECK(peer.is_closed);
}

}  // namespace sluice::proxy
