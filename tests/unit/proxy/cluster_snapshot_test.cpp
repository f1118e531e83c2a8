// SPDX-License-Identifier: Apache-2.0
#include "proxy/cluster_snapshot.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"
#include "tests/support/certificate.hpp"

namespace sluice::proxy {
namespace {

kubernetes::ObjectPointer object(const std::string& name) {
  return kubernetes::make_object(
      kubernetes::parse_object(R"({"metadata":{"namespace":"shop","name":")" + name +
                               R"(","uid":"u","resourceVersion":"7"},"spec":{"a":[1,"\n"]}})")
          .value());
}

struct Fixture {
  tests::TemporaryDirectory directory;
  std::filesystem::path file = directory.path() / "snapshot";
  std::string problem;

  void write() {
    const ClusterSnapshot snapshot{
        {{"DNSFilter", {object("a"), object("b")}}, {"Pod", {object("web")}}}};
    REQUIRE_FALSE(write_snapshot(file, snapshot, "boot-1"));
  }
  std::optional<ClusterSnapshot> read(const std::string& boot_id = "boot-1") {
    problem.clear();
    return read_snapshot(file, boot_id, problem);
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "what was written is read again", "[proxy][snapshot]") {
  write();
  const auto found = read();
  REQUIRE(found);
  REQUIRE(found->objects.at("DNSFilter").size() == 2);
  CHECK(found->objects.at("DNSFilter")[1]->text == object("b")->text);
  CHECK(found->objects.at("Pod")[0]->name == "web");
}

TEST_CASE_METHOD(Fixture, "after another boot the pods' addresses mean nothing",
                 "[proxy][snapshot]") {
  write();
  const auto found = read("boot-2");
  REQUIRE(found);
  CHECK(found->objects.contains("DNSFilter"));
  CHECK_FALSE(found->objects.contains("Pod"));
}

TEST_CASE_METHOD(Fixture, "where there is no snapshot nothing is wrong", "[proxy][snapshot]") {
  CHECK_FALSE(read());
  CHECK(problem.empty());
}

TEST_CASE_METHOD(Fixture, "a snapshot that is not whole is none", "[proxy][snapshot]") {
  write();
  const std::string whole = text();
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    INFO(size);
    CHECK_FALSE(read());
    CHECK_FALSE(problem.empty());
  }
  std::ofstream(file) << "{\"sluiceSnapshot\":2}\n{\"end\":0}\n";
  CHECK_FALSE(read());
  CHECK(problem.ends_with("is no snapshot of this version"));
}

TEST_CASE_METHOD(Fixture, "a place that cannot be written is told", "[proxy][snapshot]") {
  const auto said = write_snapshot(directory.path() / "nowhere" / "snapshot", {}, "boot-1");
  REQUIRE(said);
  CHECK(said->find("nowhere") != std::string::npos);
}

}  // namespace sluice::proxy
