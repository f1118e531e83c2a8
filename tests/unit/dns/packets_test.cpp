// SPDX-License-Identifier: Apache-2.0
// Each oddity of tests/packets against the two steps that every packet goes through, header and
// parse, on all transports alike.
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "dns/header.hpp"
#include "dns/message.hpp"
#include "tests/support/hex_file.hpp"

namespace sluice::dns {
namespace {

std::string outcome(const tests::Octets& packet) {
  switch (check_header(packet)) {
    case HeaderVerdict::drop_short:
    case HeaderVerdict::drop_response:
      return "drop";
    case HeaderVerdict::bad_opcode:
      return "NOTIMP";
    case HeaderVerdict::bad_question_count:
    case HeaderVerdict::bad_record_counts:
      return "FORMERR";
    case HeaderVerdict::accept:
      break;
  }
  const auto query = parse_query(packet);
  return query ? "accept" : to_text(rcode_for(query.error()));
}

}  // namespace

TEST_CASE("each odd packet gets what its file says", "[dns][packets]") {
  const auto files =
      tests::read_hex_files(std::filesystem::path(SLUICE_SOURCE_DIR) / "tests" / "packets");
  REQUIRE(files.size() >= 25);
  for (const tests::HexFile& file : files) {
    INFO(file.name << ": " << file.note);
    CHECK(outcome(file.octets) == file.expect);
  }
}

}  // namespace sluice::dns
