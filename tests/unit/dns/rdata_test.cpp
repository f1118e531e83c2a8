// SPDX-License-Identifier: Apache-2.0
#include "dns/rdata.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"

namespace sluice::dns {
namespace {

/// A response with one record, and that record.
struct OneRecord {
  explicit OneRecord(const std::string& text)
      : message(tests::make_response(tests::make_query("www.example. A"), {.answer = {text}})) {
    RecordReader reader(message);
    record = *reader.next();
  }

  [[nodiscard]] std::span<const std::uint8_t> rdata() const {
    return std::span(message).subspan(record.rdata_position, record.rdata_size);
  }

  tests::Octets message;
  Record record;
};

}  // namespace

TEST_CASE("types without names inside are opaque", "[dns][rdata]") {
  for (const auto type :
       {Type::txt, Type::rrsig, Type::https, Type::caa, static_cast<Type>(65399)}) {
    const RdataLayout layout = rdata_layout(type);
    CHECK(layout.names == 0);
    CHECK_FALSE(layout.rest.has_value());
  }
}

TEST_CASE("names may be compressed in the types of RFC 1035 only", "[dns][rdata]") {
  for (const auto type : {Type::ns, Type::cname, Type::soa, Type::ptr, Type::mx, Type::minfo})
    CHECK(rdata_layout(type).compressible);
  for (const auto type : {Type::srv, Type::dname, Type::rp, Type::afsdb, Type::kx})
    CHECK_FALSE(rdata_layout(type).compressible);
}

TEST_CASE("the target of a CNAME is canonical", "[dns][rdata]") {
  const OneRecord cname("www.example. CNAME CDN.Example.");
  const auto target = target_of(cname.message, cname.record);
  REQUIRE(target.has_value());
  CHECK(to_text(*target) == "cdn.example.");
}

TEST_CASE("a target that is not exactly a name is refused", "[dns][rdata]") {
  struct Case {
    std::string text;
    WireError error;
  };
  const std::vector<Case> cases{
      {R"(www.example. CNAME \# 0)", WireError::truncated},
      {R"(www.example. CNAME \# 2 0161)", WireError::truncated},
      {R"(www.example. CNAME \# 1 c0)", WireError::truncated},
      {R"(www.example. CNAME \# 2 c029)", WireError::bad_pointer},
      {R"(www.example. CNAME \# 2 c000)", WireError::bad_pointer},
      {R"(www.example. CNAME \# 2 4161)", WireError::bad_label},
      {R"(www.example. CNAME \# 4 01610000)", WireError::bad_rdata},
      {R"(www.example. CNAME \# 3 c00c00)", WireError::bad_rdata},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const OneRecord cname(c.text);
    const auto target = target_of(cname.message, cname.record);
    REQUIRE(target.has_error());
    CHECK(target.error() == c.error);
  }
}

TEST_CASE("the minimum of an SOA is its last number", "[dns][rdata]") {
  const OneRecord soa("example. SOA ns.example. h.example. 1 2 3 4 5");
  CHECK(soa_minimum(soa.message, soa.record).value() == 5);
  const OneRecord cut(R"(example. SOA \# 21 000000000001000000020000000300000004000000)");
  CHECK(soa_minimum(cut.message, cut.record).has_error());
}

TEST_CASE("a service binding is read with its hints", "[dns][rdata]") {
  const OneRecord https(
      "www.example. HTTPS 1 svc.example. alpn=h2,h3 port=8443 ipv4hint=192.0.2.1,192.0.2.2 "
      "ipv6hint=2001:db8::1");
  const auto binding = parse_service_binding(https.rdata());
  REQUIRE(binding.has_value());
  CHECK(binding->priority == 1);
  CHECK(to_text(binding->target) == "svc.example.");
  CHECK(binding->ipv4_hint.size() == 8);
  CHECK(binding->ipv6_hint.size() == 16);
  CHECK(binding->ipv4_hint[7] == 2);
}

TEST_CASE("a malformed service binding is refused", "[dns][rdata]") {
  for (const auto* text : {
           R"(www.example. HTTPS \# 1 00)", R"(www.example. HTTPS \# 2 0001)",
           R"(www.example. HTTPS \# 4 0001 00 00)", R"(www.example. HTTPS \# 7 0001 00 0001 0001)",
           R"(www.example. HTTPS \# 11 0001 00 0003 0000 0001 0000)",  // keys fall
           R"(www.example. HTTPS \# 11 0001 00 0001 0000 0001 0000)",  // keys repeat
           R"(www.example. HTTPS \# 10 0001 00 0004 0003 c00002)",     // three octets of IPv4
           R"(www.example. HTTPS \# 11 0001 00 0006 0004 20010db8)",   // four octets of IPv6
       }) {
    INFO(text);
    const OneRecord https(text);
    CHECK(parse_service_binding(https.rdata()).has_error());
  }
}

TEST_CASE("an empty parameter at the end is fine", "[dns][rdata]") {
  const OneRecord https(R"(www.example. HTTPS \# 7 0001 00 0002 0000)");
  CHECK(parse_service_binding(https.rdata()).has_value());
}

}  // namespace sluice::dns
