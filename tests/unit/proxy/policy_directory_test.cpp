// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_directory.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/certificate.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Lines = std::vector<std::string>;

struct Fixture {
  tests::TemporaryDirectory temporary;
  fs::path directory = temporary.path() / "policies";
  boost::asio::io_context context;
  int changes = 0;

  Fixture() { fs::create_directory(directory); }

  void write(const std::string& name, const std::string& text = "x") const {
    std::ofstream(directory / name) << text;
  }
  /// Runs the watch until it has called back, or for a while that is long enough to be sure.
  bool changes_come(std::chrono::milliseconds time = 5s) {
    const int before = changes;
    const auto deadline = std::chrono::steady_clock::now() + time;
    while (changes == before && std::chrono::steady_clock::now() < deadline)
      context.run_one_for(10ms);
    return changes != before;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "manifests are read by name, everything else is left alone",
                 "[proxy][policy_directory]") {
  write("b.yaml", "second");
  write("a.yml", "first");
  write("c.yaml", "");
  write(".hidden.yaml");
  write("notes.txt");
  write("b.yaml.swp");
  fs::create_directory(directory / "folder.yaml");
  config::Diagnostics diagnostics;
  const auto files = read_policy_directory(directory, diagnostics);
  CHECK(diagnostics.empty());
  Lines found;
  for (const auto& file : files)
    found.push_back(fs::path(file.path).filename().string() + '=' + file.text);
  CHECK(found == Lines{"a.yml=first", "b.yaml=second", "c.yaml="});
}

TEST_CASE_METHOD(Fixture, "manifests behind links are read, as ConfigMaps are mounted",
                 "[proxy][policy_directory]") {
  fs::create_directory(directory / "..data_1");
  std::ofstream(directory / "..data_1" / "web.yaml") << "text";
  fs::create_directory_symlink("..data_1", directory / "..data");
  fs::create_symlink("..data/web.yaml", directory / "web.yaml");
  config::Diagnostics diagnostics;
  const auto files = read_policy_directory(directory, diagnostics);
  CHECK(diagnostics.empty());
  REQUIRE(files.size() == 1);
  CHECK(files[0].text == "text");
}

TEST_CASE_METHOD(Fixture, "what cannot be read is told, file by file",
                 "[proxy][policy_directory]") {
  write("good.yaml");
  fs::create_symlink("nowhere", directory / "dangling.yaml");
  fs::create_symlink("loop.yaml", directory / "loop.yaml");
  std::ofstream(directory / "huge.yaml").close();
  fs::resize_file(directory / "huge.yaml", (16 << 20) + 1);
  config::Diagnostics diagnostics;
  read_policy_directory(directory, diagnostics);
  REQUIRE(diagnostics.size() == 3);
  CHECK_THAT(diagnostics[0].file, ContainsSubstring("dangling.yaml"));
  CHECK_THAT(diagnostics[1].message, ContainsSubstring("16 MiB"));
  CHECK_THAT(diagnostics[2].file, ContainsSubstring("loop.yaml"));
}

TEST_CASE_METHOD(Fixture, "a directory that is not there is told", "[proxy][policy_directory]") {
  config::Diagnostics diagnostics;
  CHECK(read_policy_directory(directory / "nowhere", diagnostics).empty());
  REQUIRE(diagnostics.size() == 1);
  CHECK_THAT(diagnostics[0].message, ContainsSubstring("No such file or directory"));
}

TEST_CASE_METHOD(Fixture, "a burst of changes is told once", "[proxy][policy_directory]") {
  DirectoryWatch watch(context, directory, [this] { ++changes; });
  REQUIRE(watch.start());
  for (int i = 0; i < 20; ++i)
    write("n" + std::to_string(i) + ".yaml");
  REQUIRE(changes_come());
  CHECK_FALSE(changes_come(150ms));
  CHECK(changes == 1);
}

TEST_CASE_METHOD(Fixture, "each way in which files change is noticed",
                 "[proxy][policy_directory]") {
  write("a.yaml");
  write("../draft.yaml");
  fs::create_directory(directory / "..data_1");
  DirectoryWatch watch(context, directory, [this] { ++changes; });
  REQUIRE(watch.start());
  SECTION("written") {
    write("a.yaml", "other");
  }
  SECTION("made") {
    write("b.yaml");
  }
  SECTION("removed") {
    fs::remove(directory / "a.yaml");
  }
  SECTION("moved in") {
    fs::rename(directory / "../draft.yaml", directory / "b.yaml");
  }
  SECTION("moved out") {
    fs::rename(directory / "a.yaml", directory / "../a.yaml");
  }
  SECTION("a ConfigMap's link swapped") {
    fs::create_directory_symlink("..data_1", directory / "..data_tmp");
    fs::rename(directory / "..data_tmp", directory / "..data");
  }
  CHECK(changes_come());
}

TEST_CASE_METHOD(Fixture, "a directory that is replaced is watched again",
                 "[proxy][policy_directory]") {
  DirectoryWatch watch(context, directory, [this] { ++changes; });
  REQUIRE(watch.start());
  SECTION("removed and made anew") {
    fs::remove(directory);
  }
  SECTION("moved away and made anew") {
    fs::rename(directory, temporary.path() / "old");
  }
  fs::create_directory(directory);
  REQUIRE(changes_come());
  CHECK_FALSE(changes_come(150ms));
  write("a.yaml");
  CHECK(changes_come());
}

TEST_CASE_METHOD(Fixture, "a directory that comes later is found", "[proxy][policy_directory]") {
  fs::remove(directory);
  DirectoryWatch watch(context, directory, [this] { ++changes; });
  CHECK_FALSE(watch.start());
  fs::create_directory(directory);
  CHECK(changes_come());
  write("a.yaml");
  CHECK(changes_come());
}

}  // namespace sluice::proxy
