// SPDX-License-Identifier: Apache-2.0
// The CRDs' own rules and their native twins must say the same: every right and every wrong object
// of the unit tests is shown to the code of an API server as well.
#include <algorithm>
#include <filesystem>

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "tests/crd_vectors/object_vectors.hpp"
#include "tests/support/built_program.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/process.hpp"

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

const fs::path home = SLUICE_CRD_VECTORS_HOME;

using Answers = std::vector<std::vector<std::string>>;

/// Asks the server's code about everything at once, because it takes a while to start.
Answers ask(const json::array& requests) {
  const TemporaryDirectory directory;
  directory.write("requests", json::serialize(requests));
  Process server({.arguments = {home / "crd_vectors", directory.path() / "requests"}});
  const auto exit_code = server.wait(60s);
  INFO(server.errors());
  REQUIRE(exit_code == 0);
  auto answers = json::value_to<Answers>(json::parse(server.output()));
  REQUIRE(answers.size() == requests.size());
  return answers;
}

std::string_view crd_of(const std::string& kind) {
  return std::ranges::find(crds::embedded_crds(), kind, &crds::EmbeddedCrd::kind)->text;
}

void skip_without_server() {
  const auto reason =
      reason_without(home / "crd_vectors", "no code of an API server: run tools/build_crd_vectors");
  if (reason) SKIP(*reason);
}

}  // namespace

TEST_CASE("an API server accepts our CRDs", "[crd_vectors]") {
  skip_without_server();
  json::array requests;
  for (const crds::EmbeddedCrd& crd : crds::embedded_crds())
    requests.push_back({{"crd", crd.text}, {"object", ""}});
  const Answers answers = ask(requests);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    INFO(crds::embedded_crds()[i].kind);
    CHECK(answers[i] == std::vector<std::string>{});
  }
}

TEST_CASE("an API server and Sluice say the same of every object", "[crd_vectors]") {
  skip_without_server();
  std::vector<ObjectVector> vectors = wrong_objects();
  CHECK(vectors.size() >= 200);
  const auto right = right_objects();
  CHECK(right.size() >= 100);
  vectors.insert(vectors.end(), right.begin(), right.end());
  json::array requests;
  for (const ObjectVector& vector : vectors)
    requests.push_back({{"crd", crd_of(vector.key.kind)}, {"object", vector.object}});
  const Answers answers = ask(requests);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    INFO(vectors[i].name << "\n" << vectors[i].object);
    CAPTURE(answers[i]);
    CHECK(answers[i].empty() == vectors[i].is_right);
  }
}

}  // namespace sluice::tests
