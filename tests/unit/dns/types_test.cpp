// SPDX-License-Identifier: Apache-2.0
#include "dns/types.hpp"

#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace sluice::dns {

TEST_CASE("types have their names, and numbers where they have none", "[dns][types]") {
  CHECK(to_text(Type::a) == "A");
  CHECK(to_text(Type::https) == "HTTPS");
  CHECK(to_text(Type::nsec3param) == "NSEC3PARAM");
  CHECK(to_text(static_cast<Type>(65399)) == "TYPE65399");
  CHECK(to_text(static_cast<Type>(0)) == "TYPE0");
}

TEST_CASE("each type is read back from its text", "[dns][types]") {
  for (unsigned number = 0; number <= 65535; ++number) {
    const auto type = static_cast<Type>(number);
    if (type_from_text(to_text(type)) != type) FAIL(to_text(type));
  }
}

TEST_CASE("types are read in any case and as numbers", "[dns][types]") {
  CHECK(type_from_text("txt") == Type::txt);
  CHECK(type_from_text("TYPE1") == Type::a);
  CHECK(type_from_text("type65535") == static_cast<Type>(65535));
  for (const auto* text :
       {"", "TYPE", "TYPE65536", "TYPE-1", "TYPE+1", "TYPE1x", "A ", "1", "NOPE"}) {
    INFO(text);
    CHECK_FALSE(type_from_text(text).has_value());
  }
}

TEST_CASE("classes and response codes have their names", "[dns][types]") {
  CHECK(to_text(Class::in) == "IN");
  CHECK(to_text(Class::ch) == "CH");
  CHECK(to_text(static_cast<Class>(42)) == "CLASS42");
  CHECK(to_text(Rcode::nxdomain) == "NXDOMAIN");
  CHECK(to_text(Rcode::badvers) == "BADVERS");
  CHECK(to_text(static_cast<Rcode>(11)) == "RCODE11");
  CHECK(rcode_from_text("servfail") == Rcode::servfail);
  CHECK(rcode_from_text("RCODE11") == static_cast<Rcode>(11));
  CHECK_FALSE(rcode_from_text("FAIL").has_value());
}

}  // namespace sluice::dns
