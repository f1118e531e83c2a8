// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_cache.hpp"

#include <algorithm>
#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/certificate.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;

std::span<const std::uint8_t> octets_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Copy {
  std::optional<HttpVersion> version;
  std::string body;
};

Copy read(const fs::path& path) {
  Copy copy;
  copy.version = read_list_cache(path, [&copy](std::span<const std::uint8_t> piece) {
    copy.body.append(piece.begin(), piece.end());
    return true;
  });
  return copy;
}

std::size_t files_in(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a copy comes back with its version", "[proxy][list_cache]") {
  const tests::TemporaryDirectory temporary;
  const auto path = list_cache_path(temporary.path() / "made", "https://a.example/x");
  const std::string big(700'000, 'x');
  {
    ListCacheWriter writer(path, {"\"e1\"", "yesterday"});
    writer.write(octets_of("one\n"));
    writer.write(octets_of(big));
    CHECK(writer.commit() == "");
  }
  const auto copy = read(path);
  REQUIRE(copy.version);
  CHECK(copy.version->etag == "\"e1\"");
  CHECK(copy.version->last_modified == "yesterday");
  CHECK(copy.body == "one\n" + big);
  CHECK(files_in(path.parent_path()) == 1);
}

TEST_CASE("what is not committed leaves the copy before as it was", "[proxy][list_cache]") {
  const tests::TemporaryDirectory temporary;
  const auto path = list_cache_path(temporary.path(), "https://a.example/x");
  {
    ListCacheWriter writer(path, {"1", ""});
    writer.write(octets_of("one"));
    CHECK(writer.commit() == "");
  }
  {
    ListCacheWriter(path, {"2", ""}).write(octets_of("half of tw"));
  }
  CHECK(read(path).body == "one");
  CHECK(files_in(temporary.path()) == 1);
}

TEST_CASE("what is no copy is none", "[proxy][list_cache]") {
  const tests::TemporaryDirectory temporary;
  const auto path = temporary.path() / "x";
  CHECK_FALSE(read(path).version);
  for (const auto* text : {"", "sluice-list 1\netag\n", "other\netag\nmodified\nbody"}) {
    std::ofstream(path) << text;
    INFO(text);
    CHECK_FALSE(read(path).version);
    CHECK(read(path).body.empty());
  }
}

TEST_CASE("each URL has a copy of its own", "[proxy][list_cache]") {
  CHECK(list_cache_path("d", "https://a.example/x") != list_cache_path("d", "https://a.example/y"));
}

TEST_CASE("a copy that cannot be written says why", "[proxy][list_cache]") {
  ListCacheWriter writer("/proc/none/x.list", {});
  writer.write(octets_of("one"));
  CHECK(writer.commit().starts_with("/proc/none/x.list.part"));
}

}  // namespace sluice::proxy
