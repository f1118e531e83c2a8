// SPDX-License-Identifier: Apache-2.0
#include "dns/ede_name.hpp"

#include <catch2/catch_test_macros.hpp>

namespace sluice::dns {

TEST_CASE("Extended DNS Errors have the names of the registry", "[dns][ede]") {
  CHECK(ede_name(Ede::other) == "Other Error");
  CHECK(ede_name(Ede::forged_answer) == "Forged Answer");
  CHECK(ede_name(Ede::blocked) == "Blocked");
  CHECK(ede_name(Ede::filtered) == "Filtered");
  CHECK(ede_name(Ede::network_error) == "Network Error");
  CHECK(ede_name(static_cast<Ede>(29)) == "Synthesized");
}

TEST_CASE("a code without a name is a number", "[dns][ede]") {
  CHECK(ede_name(static_cast<Ede>(30)) == "EDE30");
  CHECK(ede_name(static_cast<Ede>(65535)) == "EDE65535");
}

}  // namespace sluice::dns
