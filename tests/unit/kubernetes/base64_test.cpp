// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/base64.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using sluice::kubernetes::decode_base64;
using sluice::kubernetes::encode_base64;

TEST_CASE("base64 is decoded, with padding and folded", "[kubernetes]") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("YQ==") == "a");
  CHECK(decode_base64("YWI=") == "ab");
  CHECK(decode_base64("YWJj") == "abc");
  CHECK(decode_base64("YW\n Jj\r\n") == "abc");
  CHECK(decode_base64("AAD/") == std::string("\0\0\xff", 3));
}

TEST_CASE("what is no base64 is nothing", "[kubernetes]") {
  const std::string text = GENERATE("Y", "YQ", "YQ=", "YQ===", "====", "Y===", "=YWJ",
                                    "YQ==YQ==", "YW-j", "YW_j", "YW!j");
  INFO(text);
  CHECK_FALSE(decode_base64(text).has_value());
}

TEST_CASE("what is encoded can be decoded", "[kubernetes]") {
  CHECK(encode_base64("").empty());
  CHECK(encode_base64("a") == "YQ==");
  CHECK(encode_base64("ab") == "YWI=");
  CHECK(encode_base64("abc") == "YWJj");
  CHECK(encode_base64(std::string("\0\0\xff", 3)) == "AAD/");
  const std::string long_text(1000, 'x');
  CHECK(decode_base64(encode_base64(long_text)) == long_text);
}
