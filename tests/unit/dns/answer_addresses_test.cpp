// SPDX-License-Identifier: Apache-2.0
#include "dns/answer_addresses.hpp"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_message.hpp"
#include "tests/support/zone_text.hpp"

namespace sluice::dns {
namespace {

using Found = std::vector<std::string>;

/// "record number: octets" of every address of an answer.
struct Answer {
  Answer(std::string_view question_text, const tests::Response& response) {
    question = tests::parse_question(question_text);
    image.resize(max_image_size);
    const auto message = tests::make_response(tests::make_query(question_text), response);
    const auto size = store_answer(message, question, {}, image);
    is_stored = size.has_value();
    image.resize(is_stored ? *size : 0);
  }

  [[nodiscard]] Found addresses() const {
    Found found;
    for_each_address(AnswerView(image), [&](std::size_t i, std::span<const std::uint8_t> octets) {
      std::string text = std::to_string(i) + ':';
      for (const std::uint8_t octet : octets)
        text += ' ' + std::to_string(octet);
      found.push_back(text);
    });
    return found;
  }

  Question question;
  tests::Octets image;
  bool is_stored = false;
};

}  // namespace

TEST_CASE("every address record of an answer is found, behind a chain too", "[dns][addresses]") {
  const Answer answer("www.example. A",
                      {.answer = {"www.example. 60 CNAME a.example.", "a.example. 60 A 192.0.2.1",
                                  "a.example. 60 A 10.0.0.7"}});
  CHECK(answer.addresses() == Found{"1: 192 0 2 1", "2: 10 0 0 7"});
}

TEST_CASE("hints of service bindings are addresses", "[dns][addresses]") {
  const Answer answer("www.example. HTTPS",
                      {.answer = {"www.example. 60 HTTPS 1 . alpn=h2 ipv4hint=192.0.2.1,10.0.0.1",
                                  "www.example. 60 HTTPS 2 . ipv6hint=::1"}});
  CHECK(answer.addresses() ==
        Found{"0: 192 0 2 1", "0: 10 0 0 1", "1: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1"});
}

TEST_CASE("an answer without addresses has none", "[dns][addresses]") {
  const Answer answer("www.example. TXT", {.answer = {"www.example. 60 TXT \"10.0.0.1\""}});
  CHECK(answer.addresses().empty());
}

TEST_CASE("an answer with a malformed service binding is not kept", "[dns][addresses]") {
  const Answer answer("www.example. HTTPS",
                      {.answer = {R"(www.example. 60 HTTPS \# 10 0001 00 0004 0003 c00002)"}});
  CHECK_FALSE(answer.is_stored);
}

}  // namespace sluice::dns
