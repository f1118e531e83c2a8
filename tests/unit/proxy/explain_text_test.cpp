// SPDX-License-Identifier: Apache-2.0
#include "proxy/explain_text.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch_test_macros.hpp>

namespace sluice::proxy {
namespace {

boost::json::object report() {
  return {{"tenant", "payments"},
          {"namespace", "pay"},
          {"name", "a.example."},
          {"type", "A"},
          {"action", "Deny"},
          {"rules", boost::json::array()},
          {"answer", boost::json::object()}};
}

std::string first_line(const boost::json::object& client) {
  auto explained = report();
  if (!client.empty()) explained["client"] = client;
  const std::string text = explanation_text(explained);
  return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_CASE("the first line says who asks, and how that is known", "[proxy][explain]") {
  CHECK(first_line({}) == "a.example. A asked from namespace pay (tenant payments): Deny");
  CHECK(
      first_line({{"knownBy", "pod"}, {"pod", "web-1"}, {"addresses", {"10.0.0.1", "fd00::1"}}}) ==
      "a.example. A asked from pod pay/web-1 at 10.0.0.1, fd00::1 (tenant payments): Deny");
  CHECK(
      first_line({{"knownBy", "identity.static"}, {"addresses", boost::json::array{"10.0.0.1"}}}) ==
      "a.example. A asked from 10.0.0.1, which identity.static has in namespace pay (tenant "
      "payments): Deny");
}

TEST_CASE("what is not seen yet is told with the explanation", "[proxy][explain]") {
  auto explained = report();
  explained["missing"] = boost::json::array{"pods of the API server were not seen yet"};
  CHECK(explanation_text(explained).ends_with(
      "\nnot in force yet, because pods of the API server were not seen yet\n"));
}

}  // namespace sluice::proxy
