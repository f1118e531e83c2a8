// SPDX-License-Identifier: Apache-2.0
#include "dns/header.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/zone_text.hpp"

namespace sluice::dns {

TEST_CASE("a header is taken apart", "[dns][header]") {
  const auto octets = tests::parse_hex("1234 8783 0001 0002 0003 0004");
  const Header header = read_header(octets);
  CHECK(header.id == 0x1234);
  CHECK(header.has(Flags::qr));
  CHECK(header.has(Flags::aa));
  CHECK(header.has(Flags::tc));
  CHECK(header.has(Flags::rd));
  CHECK(header.has(Flags::ra));
  CHECK_FALSE(header.has(Flags::ad));
  CHECK_FALSE(header.has(Flags::cd));
  CHECK(header.opcode() == Opcode::query);
  CHECK(header.rcode() == Rcode::nxdomain);
  CHECK(header.question_count == 1);
  CHECK(header.answer_count == 2);
  CHECK(header.authority_count == 3);
  CHECK(header.additional_count == 4);
}

TEST_CASE("a header alone says whether there is anything to do", "[dns][header]") {
  struct Case {
    std::string note;
    std::string hex;
    HeaderVerdict verdict;
  };
  using enum HeaderVerdict;
  const std::vector<Case> cases{
      {"plain query", "0001 0100 0001 0000 0000 0000", accept},
      {"without RD", "0001 0000 0001 0000 0000 0000", accept},
      {"with AD and CD", "0001 0130 0001 0000 0000 0000", accept},
      {"with OPT", "0001 0100 0001 0000 0000 0001", accept},
      {"with OPT and TSIG", "0001 0100 0001 0000 0000 0002", accept},
      {"IXFR with SOA", "0001 0000 0001 0000 0001 0000", accept},
      {"the Z bit is ignored", "0001 0140 0001 0000 0000 0000", accept},
      {"TC is ignored", "0001 0300 0001 0000 0000 0000", accept},
      {"nothing", "", drop_short},
      {"eleven octets", "0001 0100 0001 0000 0000 00", drop_short},
      {"a response", "0001 8100 0001 0000 0000 0000", drop_response},
      {"a NOTIFY response", "0001 a100 0001 0000 0000 0000", drop_response},
      {"IQUERY", "0001 0900 0001 0000 0000 0000", bad_opcode},
      {"STATUS", "0001 1100 0000 0000 0000 0000", bad_opcode},
      {"NOTIFY", "0001 2100 0001 0000 0000 0000", bad_opcode},
      {"UPDATE", "0001 2900 0001 0000 0001 0000", bad_opcode},
      {"DSO", "0001 3000 0000 0000 0000 0000", bad_opcode},
      {"opcode 15", "0001 7900 0001 0000 0000 0000", bad_opcode},
      {"no question", "0001 0100 0000 0000 0000 0000", bad_question_count},
      {"two questions", "0001 0100 0002 0000 0000 0000", bad_question_count},
      {"65535 questions", "0001 0100 ffff 0000 0000 0000", bad_question_count},
      {"an answer", "0001 0100 0001 0001 0000 0000", bad_record_counts},
      {"two authorities", "0001 0100 0001 0000 0002 0000", bad_record_counts},
      {"three additional", "0001 0100 0001 0000 0000 0003", bad_record_counts},
      {"65535 additional", "0001 0100 0001 0000 0000 ffff", bad_record_counts},
  };
  for (const Case& c : cases) {
    INFO(c.note);
    CHECK(check_header(tests::parse_hex(c.hex)) == c.verdict);
  }
}

TEST_CASE("only a wrong EDNS version is not answered FORMERR", "[dns][header]") {
  CHECK(rcode_for(WireError::bad_version) == Rcode::badvers);
  for (const auto error : {WireError::truncated, WireError::bad_pointer, WireError::bad_opt,
                           WireError::trailing_bytes, WireError::name_too_long}) {
    CHECK(rcode_for(error) == Rcode::formerr);
  }
}

}  // namespace sluice::dns
