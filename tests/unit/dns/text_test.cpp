// SPDX-License-Identifier: Apache-2.0
#include "dns/text.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"
#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

std::string round_trip(const std::string& text) {
  const auto message = tests::make_response(tests::make_query("q.test. A"), {.answer = {text}});
  return tests::read_message(message).answer.at(0);
}

}  // namespace

TEST_CASE("records come out as they went in", "[dns][text]") {
  for (const std::string& text : std::vector<std::string>{
           "www.example. 300 IN A 192.0.2.1",
           "www.example. 300 IN AAAA 2001:db8::1",
           "www.example. 0 IN CNAME Cdn.example.",
           "example. 300 IN NS .",
           "1.2.0.192.in-addr.arpa. 300 IN PTR www.example.",
           "example. 300 IN DNAME other.test.",
           "example. 300 IN MX 10 mail.example.",
           "_a._tcp.example. 300 IN SRV 1 2 3 srv.example.",
           "example. 300 IN SOA ns.example. admin.example. 4294967295 2 3 4 5",
           R"(example. 300 IN TXT "a b" "c;d")",
           "example. 300 IN HTTPS 1 . ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1",
           "example. 300 IN SVCB 0 alias.example.",
           R"(example. 300 IN TYPE65399 \# 3 00c0ff)",
           R"(example. 300 IN TYPE65399 \# 0)",
           R"(example. 300 IN CAA \# 2 0000)",
       }) {
    CHECK(round_trip(text) == text);
  }
}

TEST_CASE("RDATA that its type does not allow is written as octets", "[dns][text]") {
  for (const std::string& text : std::vector<std::string>{
           R"(www.example. 300 IN A \# 3 c00002)",
           R"(www.example. 300 IN AAAA \# 4 c0000201)",
           R"(www.example. 300 IN CNAME \# 2 c0ff)",
           R"(www.example. 300 IN CNAME \# 4 01610000)",
           R"(www.example. 300 IN MX \# 1 00)",
           R"(www.example. 300 IN SRV \# 3 000000)",
           R"(www.example. 300 IN SOA \# 3 000000)",
           R"(www.example. 300 IN TXT \# 0)",
           R"(www.example. 300 IN TXT \# 2 0561)",
           R"(www.example. 300 IN HTTPS \# 2 0001)",
       }) {
    CHECK(round_trip(text) == text);
  }
}

TEST_CASE("nothing that is not printable ASCII comes out raw", "[dns][text]") {
  CHECK(round_trip(R"(a.test. 1 TXT \# 6 05 00 0a 22 5c ff)") ==
        R"(a.test. 1 IN TXT "\000\010\"\\\255")");
  CHECK(round_trip(R"(\000\010x\.y.test. 1 CNAME \255.test.)") ==
        R"(\000\010x\.y.test. 1 IN CNAME \255.test.)");
}

TEST_CASE("a question is written as name and type", "[dns][text]") {
  CHECK(to_text(tests::parse_question("WWW.Example. AAAA")) == "WWW.Example. AAAA");
}

}  // namespace sluice::dns
