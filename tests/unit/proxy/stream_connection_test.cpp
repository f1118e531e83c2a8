// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream_connection.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/proxy/stream_fixture.hpp"

namespace sluice::proxy {
namespace {

using namespace std::chrono_literals;

std::vector<std::uint16_t> ids(const std::vector<tests::MessageText>& answers) {
  std::vector<std::uint16_t> result;
  for (const auto& answer : answers)
    result.push_back(answer.id);
  return result;
}
using Ids = std::vector<std::uint16_t>;

}  // namespace

TEST_CASE_METHOD(StreamFixture, "answers come as they are ready, in any order", "[proxy][stream]") {
  warm_up();
  StreamPeer peer = connect();
  Octets queries;
  for (const auto& [question, id] :
       {std::pair{"slow.example. A", 1}, {"hit.example. A", 2}, {"other.example. A", 3}}) {
    const auto query = framed(tests::make_query(question, {.id = static_cast<std::uint16_t>(id)}));
    queries.insert(queries.end(), query.begin(), query.end());
  }
  peer.write(queries);
  poll();
  CHECK(ids(peer.take_answers()) == Ids{2});
  answer();
  CHECK(ids(peer.take_answers()) == Ids{1});
  answer();
  CHECK(ids(peer.take_answers()) == Ids{3});
  CHECK_FALSE(peer.is_closed());
}

TEST_CASE_METHOD(StreamFixture, "queries may come octet by octet", "[proxy][stream]") {
  warm_up();
  StreamPeer peer = connect();
  for (std::uint16_t id = 1; id <= 2; ++id) {
    for (const std::uint8_t octet : framed(tests::make_query("hit.example. A", {.id = id}))) {
      CHECK(peer.take_answers().empty());
      peer.write(std::array{octet});
      poll();
    }
    CHECK(ids(peer.take_answers()) == Ids{id});
  }
}

TEST_CASE_METHOD(StreamFixture, "a message that is no query is dropped, and the rest answered",
                 "[proxy][stream]") {
  warm_up();
  StreamPeer peer = connect();
  peer.write(std::array<std::uint8_t, 2>{0, 0});
  peer.write(std::array<std::uint8_t, 5>{0, 3, 1, 2, 3});
  peer.ask("hit.example. A", 9);
  poll();
  CHECK(ids(peer.take_answers()) == Ids{9});
  CHECK(world.counters().dropped[static_cast<std::size_t>(DropReason::too_short)].value() == 2);
}

TEST_CASE_METHOD(StreamFixture, "who closes its own side only still gets its answers",
                 "[proxy][stream]") {
  StreamPeer peer = connect();
  peer.ask("www.example. A", 5);
  poll();
  peer.socket().shutdown(tcp::socket::shutdown_send);
  poll();
  CHECK_FALSE(peer.is_closed());
  answer();
  CHECK(ids(peer.take_answers()) == Ids{5});
  CHECK(peer.is_closed());
  CHECK(connections.empty());
}

TEST_CASE_METHOD(StreamFixture, "an answer to a connection that is gone is counted",
                 "[proxy][stream]") {
  {
    StreamPeer peer = connect();
    peer.ask("www.example. A", 5);
    poll();
    peer.socket().set_option(boost::asio::socket_base::linger(true, 0));  // a reset
  }
  poll();
  answer();
  poll();
  CHECK(connections.empty());
}

TEST_CASE_METHOD(StreamFixture, "too many open queries stop the reading, not the connection",
                 "[proxy][stream]") {
  limits.max_queries_per_connection = 4;
  StreamPeer peer = connect();
  for (std::uint16_t id = 1; id <= 10; ++id)
    peer.ask("n" + std::to_string(id) + ".example. A", id);
  poll();
  CHECK(world.upstream().sent() == 4);
  CHECK(limited(LimitReason::queries_per_connection) == 1);
  answer();
  CHECK(world.upstream().sent() == 5);
  while (world.upstream().has_pending())
    answer();
  CHECK(peer.take_answers().size() == 10);
  CHECK_FALSE(peer.is_closed());
}

TEST_CASE_METHOD(StreamFixture, "20,000 queries on one connection are all answered",
                 "[proxy][stream]") {
  warm_up();
  StreamPeer peer = connect();
  const Octets query = framed(tests::make_query("hit.example. A", {.id = 1}));
  std::size_t answers = 0;
  for (int i = 0; i < 20'000; ++i) {
    REQUIRE(peer.write(query) == query.size());
    if (i % 100 != 99) continue;
    poll();
    answers += peer.take_answers().size();
  }
  CHECK(answers == 20'000);
}

TEST_CASE_METHOD(StreamFixture, "who does not read gets no answers made, and all when it reads",
                 "[proxy][stream]") {
  warm_up();
  StreamPeer peer = connect();
  boost::asio::socket_base::send_buffer_size big(1 << 20);
  peer.socket().set_option(big);
  const Octets query = framed(tests::make_query("hit.example. A", {.id = 1}));
  // Until neither side takes more: then what is unsent has reached its bound.
  std::size_t asked = 0;
  Octets rest;
  for (int idle_rounds = 0; idle_rounds < 20;) {
    if (rest.empty()) {
      rest = query;
      ++asked;
    }
    const std::size_t written = peer.write(rest);
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(written));
    idle_rounds = written == 0 ? idle_rounds + 1 : 0;
    if (written == 0) poll();
    REQUIRE(asked < 1'000'000);
  }
  CHECK(limited(LimitReason::queries_per_connection) >= 1);
  std::size_t answers = 0;
  for (int i = 0; i < 2000 && answers < asked; ++i) {
    answers += peer.take_answers().size();
    const std::size_t written = peer.write(rest);
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(written));
    poll();
  }
  CHECK(answers == asked);
}

TEST_CASE_METHOD(StreamFixture, "a silent connection is closed after the idle timeout",
                 "[proxy][stream]") {
  StreamPeer peer = connect();
  elapse(9999ms);
  CHECK_FALSE(peer.is_closed());
  elapse(1ms);
  CHECK(peer.is_closed());
  CHECK(connections.empty());
  CHECK(limited(LimitReason::idle_timeout) == 1);
}

TEST_CASE_METHOD(StreamFixture, "an octet now and then is no progress", "[proxy][stream]") {
  StreamPeer peer = connect();
  peer.write(std::array<std::uint8_t, 2>{0xff, 0xff});
  for (int i = 0; i < 10; ++i) {
    peer.write(std::array<std::uint8_t, 1>{1});
    elapse(1s);
  }
  CHECK(peer.is_closed());
}

TEST_CASE_METHOD(StreamFixture, "a connection whose query waits is not idle", "[proxy][stream]") {
  StreamPeer peer = connect();
  elapse(9s);
  peer.ask("www.example. A", 3);
  poll();
  connections.check_idle(world.clock().now() + 1h);
  poll();
  CHECK_FALSE(peer.is_closed());
  elapse(4s);
  REQUIRE(peer.take_answers().size() == 1);
  elapse(9s);
  CHECK_FALSE(peer.is_closed());
  elapse(1s);
  CHECK(peer.is_closed());
}

TEST_CASE_METHOD(StreamFixture, "draining ends silent connections soon, others behind an answer",
                 "[proxy][stream]") {
  StreamPeer idle = connect();
  StreamPeer busy = connect();
  busy.ask("www.example. A", 3);
  poll();
  connections.drain();
  poll();
  CHECK_FALSE(idle.is_closed());
  elapse(300ms);
  CHECK(idle.is_closed());
  CHECK_FALSE(busy.is_closed());
  answer();
  CHECK(ids(busy.take_answers()) == Ids{3});
  CHECK_FALSE(busy.is_closed());
  busy.ask("other.example. AXFR", 4);
  poll();
  CHECK(ids(busy.take_answers()) == Ids{4});
  CHECK(busy.is_closed());
  CHECK(connections.empty());
}

TEST_CASE_METHOD(StreamFixture, "draining waits for the rest of a query", "[proxy][stream]") {
  warm_up();
  const Octets first = framed(tests::make_query("hit.example. A", {.id = 1}));
  const Octets second = framed(tests::make_query("hit.example. A", {.id = 2}));
  StreamPeer peer = connect();
  connections.drain();
  peer.write(std::span(first).first(5));
  poll();
  CHECK_FALSE(peer.is_closed());
  Octets rest(first.begin() + 5, first.end());
  rest.insert(rest.end(), second.begin(), second.begin() + 5);
  peer.write(rest);
  poll();
  CHECK(ids(peer.take_answers()) == Ids{1});
  CHECK_FALSE(peer.is_closed());
  peer.write(std::span(second).subspan(5));
  poll();
  CHECK(ids(peer.take_answers()) == Ids{2});
  CHECK(peer.is_closed());
}

TEST_CASE_METHOD(StreamFixture, "draining begins with a silence for a query that is under way",
                 "[proxy][stream]") {
  warm_up();
  StreamPeer peer = connect();
  elapse(5s);
  connections.drain();
  elapse(200ms);
  peer.ask("hit.example. A", 1);
  poll();
  CHECK(ids(peer.take_answers()) == Ids{1});
}

}  // namespace sluice::proxy
