// SPDX-License-Identifier: Apache-2.0
#include "recordings/dnstap.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"
#include "tests/unit/recordings/dnstap_frames.hpp"

namespace sluice::recordings {
namespace {

Octets query_message(const char* question) {
  return tests::make_query(question);
}

}  // namespace

TEST_CASE("a client's question is taken out of its frame", "[recordings][dnstap]") {
  DnstapDecoder decoder;
  RecordedQuery query;
  const auto frame = make_frame({.message = query_message("WWW.Shop.example. AAAA")});
  REQUIRE(decoder.decode(frame, query) == RecordKind::query);
  CHECK(dns::to_text(query.name) == "www.shop.example.");
  CHECK(query.type == dns::Type::aaaa);
  CHECK(query.client.address == filters::Address::from_text("10.0.1.5"));
  CHECK(query.client.namespace_name.empty());
  CHECK_FALSE(query.verdict);
  CHECK_FALSE(query.rcode);
}

TEST_CASE("an IPv6 client keeps its address, one without has none", "[recordings][dnstap]") {
  DnstapDecoder decoder;
  RecordedQuery query;
  Octets address(16);
  address[0] = 0xfd;
  address[15] = 1;
  const auto message = query_message("a.example. A");
  decoder.decode(make_frame({.address = address, .message = message}), query);
  CHECK(query.client.address == filters::Address::from_text("fd00::1"));
  decoder.decode(make_frame({.address = {1, 2, 3}, .message = message}), query);
  CHECK_FALSE(query.client.address);
}

TEST_CASE("answers count until a question is seen", "[recordings][dnstap]") {
  DnstapDecoder decoder;
  RecordedQuery query;
  const auto asked = query_message("a.example. A");
  const auto answered = tests::make_response(asked, {.rcode = dns::Rcode::nxdomain});
  const auto question = make_frame({.message = asked});
  const auto answer = make_frame({.type = client_response, .message = answered});
  REQUIRE(decoder.decode(answer, query) == RecordKind::query);
  CHECK(query.rcode == dns::Rcode::nxdomain);
  CHECK(decoder.decode(question, query) == RecordKind::query);
  CHECK_FALSE(query.rcode);
  CHECK(decoder.decode(answer, query) == RecordKind::other);
}

TEST_CASE("what servers ask each other does not count", "[recordings][dnstap]") {
  DnstapDecoder decoder;
  RecordedQuery query;
  const auto frame = make_frame({.type = resolver_query, .message = query_message("a.example. A")});
  CHECK(decoder.decode(frame, query) == RecordKind::other);
  Octets empty;
  add_number(empty, 15, 1);
  CHECK(decoder.decode(empty, query) == RecordKind::other);
}

TEST_CASE("every cut of a frame is survived", "[recordings][dnstap]") {
  const auto frame = make_frame({.message = query_message("www.shop.example. A")});
  for (std::size_t size = 0; size < frame.size(); ++size) {
    DnstapDecoder decoder;
    RecordedQuery query;
    const Octets cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
    INFO(size);
    CHECK(decoder.decode(cut, query) != RecordKind::query);
  }
  const auto message = query_message("www.shop.example. A");
  for (std::size_t size = 0; size < message.size(); ++size) {
    DnstapDecoder decoder;
    RecordedQuery query;
    const Octets cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    const auto kind = decoder.decode(make_frame({.message = cut}), query);
    INFO(size);
    CHECK((kind == RecordKind::bad || size + 2 >= message.size()));
  }
}

}  // namespace sluice::recordings
