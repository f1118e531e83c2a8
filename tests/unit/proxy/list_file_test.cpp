// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_file.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <sys/stat.h>

#include "tests/support/certificate.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

struct Fixture {
  tests::TemporaryDirectory temporary;
  fs::path directory = temporary.path() / "lists";

  Fixture() {
    fs::create_directories(directory / "sub" / "..data");
    write(directory / "sub" / "..data" / "ads.txt", "inside");
    write(temporary.path() / "secret", "outside");
    fs::create_symlink("sub/..data/ads.txt", directory / "ads.txt");
    fs::create_symlink("../secret", directory / "leak.txt");
    fs::create_directory_symlink("..", directory / "up");
  }
  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
};

std::string read_all(const fs::path& path, std::string& text) {
  return read_pieces(path, [&text](std::span<const std::uint8_t> piece) {
    text.append(piece.begin(), piece.end());
    return true;
  });
}

}  // namespace

TEST_CASE_METHOD(Fixture, "lists are found below their directory, links inside of it too",
                 "[proxy][list_file]") {
  for (const auto* path : {"ads.txt", "sub/..data/ads.txt", "./ads.txt"}) {
    INFO(path);
    const auto found = find_list_file(directory, path);
    CHECK(found.problem == "");
    std::string text;
    CHECK(read_all(found.path, text) == "");
    CHECK(text == "inside");
  }
}

TEST_CASE_METHOD(Fixture, "nothing outside of the directory is ever read", "[proxy][list_file]") {
  struct Case {
    std::string path;
    std::string problem;
  };
  const std::vector<Case> table{
      {"../secret", "without '..'"},
      {"sub/../../secret", "without '..'"},
      {(temporary.path() / "secret").string(), "must be relative"},
      {"", "must be relative"},
      {"leak.txt", "leads out"},
      {"up/secret", "leads out"},
      {"none.txt", "No such file"},
      {".", "leads out"},
  };
  for (const auto& entry : table) {
    INFO(entry.path);
    CHECK_THAT(find_list_file(directory, entry.path).problem, ContainsSubstring(entry.problem));
  }
  CHECK_THAT(find_list_file(temporary.path() / "none", "a").problem,
             ContainsSubstring("lists.directory"));
}

TEST_CASE_METHOD(Fixture, "what is no regular file is refused, and nobody waits for it",
                 "[proxy][list_file]") {
  const auto pipe = directory / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::string text;
  CHECK(read_all(pipe, text) == "is not a regular file");
  CHECK(read_all(directory / "sub", text) == "is not a regular file");
}

TEST_CASE_METHOD(Fixture, "a replaced file has another version", "[proxy][list_file]") {
  const auto path = directory / "list.txt";
  CHECK_FALSE(version_of(path));
  write(path, "one");
  const auto before = version_of(path);
  CHECK(before == version_of(path));
  write(temporary.path() / "new", "two");
  fs::rename(temporary.path() / "new", path);
  CHECK(before != version_of(path));
}

TEST_CASE_METHOD(Fixture, "a big file is read piece by piece, until no more is wanted",
                 "[proxy][list_file]") {
  write(directory / "big", std::string(600'000, 'x'));
  int pieces = 0;
  CHECK(read_pieces(directory / "big",
                    [&pieces](std::span<const std::uint8_t>) { return ++pieces < 2; }) == "");
  CHECK(pieces == 2);
}

}  // namespace sluice::proxy
