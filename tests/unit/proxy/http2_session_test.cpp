// SPDX-License-Identifier: Apache-2.0
#include "proxy/http2_session.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nghttp2/nghttp2.h>

#include "tests/support/http2_client.hpp"

namespace sluice::proxy {
namespace {

using tests::http2_frame;
using tests::HttpHeaders;
using tests::Octets;

constexpr auto enhance_your_calm = static_cast<std::uint32_t>(NGHTTP2_ENHANCE_YOUR_CALM);
const Octets question = tests::make_query("www.example. A");

/// A client and a session whose octets go from one to the other. Requests are answered by `answer`
/// if it is set, and kept otherwise.
struct Fixture {
  std::optional<Octets> answer;
  std::vector<std::pair<std::int32_t, HttpRequest>> requests;
  std::vector<HttpError> errors;
  Http2Session session{[this](HttpError error) { errors.push_back(error); }};
  tests::Http2Client client;

  /// Until neither has anything to say.
  void talk(tests::Http2Client& with) {
    while (true) {
      Octets octets;
      session.take_output(octets);
      const Octets said = with.take_output();
      if (octets.empty() && said.empty()) return;
      with.receive(octets);
      receive(said);
    }
  }
  void receive(const Octets& octets) {
    session.receive(octets);
    CHECK(session.held() <= Http2Session::max_held);
    while (auto asked = session.take_request()) {
      requests.emplace_back(asked->stream, std::move(asked->request));
      if (answer) CHECK(session.respond(asked->stream, *answer));
    }
  }
  void talk() { talk(client); }
  /// Octets that no library sends.
  void send(const Octets& octets) {
    if (!session.is_finished()) receive(octets);
  }
  /// The header fields of a POST, without its end.
  void begin_post(std::uint32_t stream, const std::string& path) {
    constexpr std::size_t prefix = 127;  // RFC 7541 5.1
    Octets fields{0x83, 0x87, 0x41, 1, 'a', 0x04};
    if (path.size() < prefix) {
      fields.push_back(static_cast<std::uint8_t>(path.size()));
    } else {
      const std::size_t rest = path.size() - prefix;
      fields.insert(fields.end(), {prefix, static_cast<std::uint8_t>(rest % 128 + 128),
                                   static_cast<std::uint8_t>(rest / 128)});
    }
    fields.insert(fields.end(), path.begin(), path.end());
    send(http2_frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, stream, fields));
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a request comes whole, and its response goes back", "[proxy][http]") {
  const auto get = client.get("/dns-query?dns=AAAA");
  const auto post = client.post("/dns-query", question);
  talk();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].second.method == "GET");
  CHECK(requests[0].second.target == "/dns-query?dns=AAAA");
  CHECK(requests[1].second.method == "POST");
  CHECK(requests[1].second.content_type == "application/dns-message");
  CHECK(requests[1].second.body == question);
  const Octets response =
      tests::make_response(question, {.answer = {"www.example. 77 A 192.0.2.1"}});
  CHECK(session.respond(post, response));
  CHECK(session.owes_answers());
  talk();
  CHECK_FALSE(session.owes_answers());
  CHECK(client.response(post).is_whole);
  CHECK(client.response(post).status == "200");
  CHECK(client.response(post).body == response);
  CHECK(client.response(post).headers.at("content-type") == "application/dns-message");
  CHECK(client.response(post).headers.at("cache-control") == "private, max-age=77");
  CHECK(client.response(post).headers.at("content-length") == std::to_string(response.size()));
  CHECK_FALSE(client.response(get).is_whole);
  CHECK_FALSE(session.is_finished());
}

TEST_CASE_METHOD(Fixture, "a response to a stream that is gone goes nowhere", "[proxy][http]") {
  const auto stream = client.get("/");
  talk();
  client.reset(stream);
  talk();
  CHECK_FALSE(session.respond(stream, question));
  CHECK_FALSE(session.respond(77, question));
}

TEST_CASE_METHOD(Fixture, "what is refused has its status and no body", "[proxy][http]") {
  const auto stream = client.get("/elsewhere");
  talk();
  session.refuse(stream, HttpError::method_not_allowed);
  talk();
  CHECK(client.response(stream).status == "405");
  CHECK(client.response(stream).headers.at("allow") == "GET, POST");
  CHECK(client.response(stream).body.empty());
  CHECK(errors == std::vector{HttpError::method_not_allowed});
}

TEST_CASE_METHOD(Fixture, "header fields are bounded", "[proxy][http][security]") {
  const auto stream = client.request(
      {{":method", "GET"}, {":path", "/" + std::string(9000, 'p')}, {"x", std::string(9000, 'x')}});
  talk();
  CHECK(requests.empty());
  CHECK(client.response(stream).status == "431");
}

TEST_CASE_METHOD(Fixture, "fields that cost the client an octet each are not all looked at",
                 "[proxy][http][security]") {
  // From the second on, each is a reference to the table.
  HttpHeaders headers{{":method", "GET"}, {":path", "/"}};
  headers.resize(20, {"x", std::string(2900, 'x')});
  const auto stream = client.request(headers);
  const auto next = client.get("/dns-query");
  talk();
  CHECK(client.response(stream).status.empty());
  CHECK(client.response(stream).reset == static_cast<std::uint32_t>(NGHTTP2_INTERNAL_ERROR));
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].first == next);
}

TEST_CASE_METHOD(Fixture, "who always sends too many header fields is sent away",
                 "[proxy][http][security]") {
  const struct {
    const char* about;
    std::size_t size;
  } cases[] = {{"answered", 9000}, {"not even answered", 17'000}};
  for (const auto& one : cases) {
    INFO(one.about);
    Fixture fresh;
    std::size_t sent = 0;
    for (; sent < 2000 && !fresh.session.is_finished(); ++sent) {
      fresh.client.request({{":method", "GET"},
                            {":path", "/" + std::string(one.size, 'p')},
                            {"x", std::string(one.size, 'x')}});
      fresh.talk();
    }
    CHECK(sent <= 1001);
    CHECK(fresh.session.is_flooded());
    CHECK(fresh.client.farewell() == enhance_your_calm);
  }
}

TEST_CASE_METHOD(Fixture, "a body is bounded, and one without end is ended",
                 "[proxy][http][security]") {
  const auto longest = client.post("/", Octets(65535, 1));
  const auto endless = client.post("/", Octets(10 << 20, 1));
  talk();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].first == longest);
  CHECK(requests[0].second.body.size() == 65535);
  CHECK(client.response(endless).status == "413");
  CHECK(client.response(endless).reset == static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
}

TEST_CASE_METHOD(Fixture, "streams that are open at once are bounded", "[proxy][http][security]") {
  talk();
  for (std::uint32_t i = 0; i < 3 * Http2Session::max_streams; ++i)
    client.get("/dns-query");
  talk();
  CHECK(requests.size() == Http2Session::max_streams);
  CHECK_FALSE(session.is_finished());
}

TEST_CASE_METHOD(Fixture, "bodies that do not end are bounded together",
                 "[proxy][http][security]") {
  talk();
  Octets widened;  // windows: without that the connection's would hold
  for (std::uint32_t i = 0; i < Http2Session::max_streams; ++i) {
    begin_post(2 * i + 1, "/");
    for (int piece = 0; piece < 4; ++piece) {
      send(http2_frame(NGHTTP2_DATA, 0, 2 * i + 1, Octets(16'000)));
      session.take_output(widened);
    }
  }
  CHECK(errors == std::vector(96, HttpError::content_too_large));
  CHECK_FALSE(session.is_finished());
  // Who takes some back may send others.
  send(http2_frame(NGHTTP2_RST_STREAM, 0, 1, {0, 0, 0, 0}));
  begin_post(201, "/");
  send(http2_frame(NGHTTP2_DATA, NGHTTP2_FLAG_END_STREAM, 201, Octets(16'000)));
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].second.body.size() == 16'000);
}

TEST_CASE_METHOD(Fixture, "header fields of requests that do not end are bounded together",
                 "[proxy][http][security]") {
  talk();
  for (std::uint32_t i = 0; i < 20; ++i)
    begin_post(2 * i + 1, "/" + std::string(14'999, 'p'));
  for (std::uint32_t i = 0; i < 20; ++i)
    send(http2_frame(NGHTTP2_DATA, NGHTTP2_FLAG_END_STREAM, 2 * i + 1));
  CHECK(requests.size() == 17);
  CHECK(errors == std::vector(3, HttpError::header_fields_too_large));
}

TEST_CASE_METHOD(Fixture, "answers that the windows keep back are bounded together",
                 "[proxy][http][security]") {
  tests::Http2Client closed(0);
  for (std::uint32_t i = 0; i < Http2Session::max_streams; ++i)
    closed.get("/");
  talk(closed);
  REQUIRE(requests.size() == Http2Session::max_streams);
  std::vector<std::int32_t> kept;
  for (const auto& [stream, request] : requests)
    if (session.respond(stream, Octets(60'000))) kept.push_back(stream);
  talk(closed);
  REQUIRE(kept.size() == 4);
  CHECK(closed.response(requests[4].first).reset == enhance_your_calm);
  closed.widen(kept[0], 65535);
  talk(closed);
  CHECK(closed.response(kept[0]).is_whole);
  const auto next = closed.get("/");
  talk(closed);
  CHECK(session.respond(next, Octets(60'000)));
}

TEST_CASE_METHOD(Fixture, "a window that never opens keeps back its own answers alone",
                 "[proxy][http][security]") {
  tests::Http2Client closed(0);
  answer = tests::make_response(question, {.answer = {"www.example. 77 A 192.0.2.1"}});
  const auto first = closed.get("/");
  for (int i = 0; i < 200; ++i)
    closed.get("/");
  talk(closed);
  CHECK(requests.size() == Http2Session::max_streams);
  CHECK(session.owes_answers());
  CHECK(closed.response(first).status == "200");
  CHECK_FALSE(closed.response(first).is_whole);
  closed.widen(first, 65535);
  talk(closed);
  CHECK(closed.response(first).is_whole);
  CHECK(requests.size() == Http2Session::max_streams + 1);
}

TEST_CASE_METHOD(Fixture, "requests that are taken back at once end the connection",
                 "[proxy][http][security]") {
  talk();
  for (int i = 0; i < 2000 && !session.is_finished(); ++i) {
    const auto stream = client.get("/dns-query");
    receive(client.take_output());
    client.reset(stream);
    talk();
  }
  CHECK(session.is_flooded());
  CHECK(session.is_finished());
  CHECK(client.farewell() == enhance_your_calm);
  CHECK(requests.size() <= 1001);
}

TEST_CASE_METHOD(Fixture, "frames that ask for nothing end the connection",
                 "[proxy][http][security]") {
  talk();
  const struct {
    const char* about;
    Octets frame;
  } cases[] = {
      {"SETTINGS", http2_frame(NGHTTP2_SETTINGS, 0, 0)},
      {"PING", http2_frame(NGHTTP2_PING, 0, 0, Octets(8))},
      {"acknowledged PING", http2_frame(NGHTTP2_PING, NGHTTP2_FLAG_ACK, 0, Octets(8))},
      {"WINDOW_UPDATE", http2_frame(NGHTTP2_WINDOW_UPDATE, 0, 0, {0, 0, 0, 1})},
      {"PRIORITY", http2_frame(NGHTTP2_PRIORITY, 0, 1, {0, 0, 0, 0, 0})},
  };
  for (const auto& one : cases) {
    INFO(one.about);
    Fixture fresh;
    fresh.talk();
    std::size_t sent = 0;
    Octets said;
    for (; sent < 5000 && !fresh.session.is_finished(); ++sent) {
      fresh.send(one.frame);
      fresh.session.take_output(said);
    }
    CHECK(sent >= 900);
    CHECK(sent <= 1001);
    CHECK(fresh.session.is_flooded());
    CHECK(tests::farewell_in(said) == enhance_your_calm);
  }
}

TEST_CASE_METHOD(Fixture, "header fields without end end the connection",
                 "[proxy][http][security]") {
  talk();
  // A request's HEADERS without END_HEADERS, and then CONTINUATION for as long as it goes: a field
  // that is not indexed, `a: b`.
  const Octets field{0x00, 0x01, 'a', 0x01, 'b'};
  send(http2_frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_STREAM, 1, field));
  std::size_t sent = 0;
  for (; sent < 5000 && !session.is_finished(); ++sent) {
    send(http2_frame(NGHTTP2_CONTINUATION, 0, 1, field));
    talk();
  }
  CHECK(sent <= 1001);
  CHECK(session.is_finished());
  REQUIRE(client.farewell());
  CHECK(*client.farewell() != static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  CHECK(requests.empty());
}

TEST_CASE_METHOD(Fixture, "a client that gets answers may talk for ever", "[proxy][http]") {
  answer = tests::make_response(question, {});
  talk();
  for (int i = 0; i < 5000; ++i) {
    client.post("/dns-query", question);
    talk();
    send(http2_frame(NGHTTP2_PING, 0, 0, Octets(8)));
    send(http2_frame(NGHTTP2_WINDOW_UPDATE, 0, 0, {0, 0, 0, 1}));
    talk();
  }
  CHECK_FALSE(session.is_finished());
  CHECK(requests.size() == 5000);
}

TEST_CASE_METHOD(Fixture, "what is no HTTP/2 is over at once", "[proxy][http][security]") {
  const std::string text = "GET /dns-query HTTP/1.1\r\nHost: sluice.test\r\n\r\n";
  session.receive(Octets(text.begin(), text.end()));
  CHECK(session.is_finished());
  CHECK_FALSE(session.is_flooded());
}

TEST_CASE_METHOD(Fixture, "a frame that breaks the rules is told and is the last",
                 "[proxy][http][security]") {
  talk();
  send(http2_frame(NGHTTP2_PING, 0, 0, Octets(7)));
  talk();
  CHECK(session.is_finished());
  CHECK(client.farewell() == static_cast<std::uint32_t>(NGHTTP2_FRAME_SIZE_ERROR));
}

TEST_CASE_METHOD(Fixture, "who is told that the end is near may go on until the end",
                 "[proxy][http]") {
  talk();
  session.announce_end();
  const auto under_way = client.post("/dns-query", question);
  receive(client.take_output());
  REQUIRE(requests.size() == 1);
  session.go_away();
  talk();
  CHECK(client.farewell() == static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  CHECK(session.respond(under_way, question));
  talk();
  CHECK(client.response(under_way).is_whole);
  CHECK(session.is_finished());
}

TEST_CASE_METHOD(Fixture, "who is told to go away gets what it has asked for", "[proxy][http]") {
  const auto stream = client.post("/dns-query", question);
  talk();
  session.go_away();
  talk();
  CHECK(client.farewell() == static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  CHECK(session.respond(stream, question));
  talk();
  CHECK(client.response(stream).is_whole);
}

}  // namespace sluice::proxy
