// SPDX-License-Identifier: Apache-2.0
#include "recordings/reader.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>
#include <zlib.h>

#include "tests/support/certificate.hpp"
#include "tests/support/test_message.hpp"
#include "tests/unit/recordings/dnstap_frames.hpp"

namespace sluice::recordings {
namespace {

const std::string line = R"({"message":"query","name":"a.example","type":"A"})"
                         "\n";

struct Files {
  tests::TemporaryDirectory directory;
  std::vector<std::string> names;  ///< of the queries that were read

  std::string write(const std::string& content) const {
    const std::string path = directory.path() / "recording";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string write(const Octets& content) const {
    return write(std::string(content.begin(), content.end()));
  }
  std::string write_compressed(const std::string& content) const {
    std::string path = directory.path() / "recording.gz";
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
    gzclose(file);
    return path;
  }
  ReadReport read(const std::string& path) {
    names.clear();
    return read_recording(
        path, [this](const RecordedQuery& query) { names.push_back(dns::to_text(query.name)); });
  }
};

Octets frame(const char* question) {
  return make_frame({.message = tests::make_query(question)});
}

}  // namespace

TEST_CASE("a query log is read, its bad lines counted with their numbers", "[recordings][reader]") {
  Files files;
  const auto report = files.read(files.write(line + "nonsense\n\n" + R"({"message":"other"})" +
                                             "\n" + line + R"({"message":"query"})" + "\n"));
  CHECK(report.queries == 2);
  CHECK(report.bad == 2);
  CHECK(report.first_bad == std::vector<std::uint64_t>{2, 6});
  CHECK(report.failure.empty());
  CHECK(files.names == std::vector<std::string>{"a.example.", "a.example."});
}

TEST_CASE("a line too long for a log is left out, and the next one read", "[recordings][reader]") {
  Files files;
  const auto report = files.read(files.write(std::string(1 << 20, 'x') + "\n" + line));
  CHECK(report.bad == 1);
  CHECK(report.queries == 1);
}

TEST_CASE("only the first numbers of bad lines are kept", "[recordings][reader]") {
  Files files;
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "bad\n";
  const auto report = files.read(files.write(text));
  CHECK(report.bad == 100);
  CHECK(report.first_bad.size() == max_bad_numbers);
}

TEST_CASE("the last line needs no end", "[recordings][reader]") {
  Files files;
  CHECK(files.read(files.write(line + line.substr(0, line.size() - 1))).queries == 2);
}

TEST_CASE("an empty file is a recording of nothing", "[recordings][reader]") {
  Files files;
  const auto report = files.read(files.write(std::string()));
  CHECK(report.queries == 0);
  CHECK(report.failure.empty());
}

TEST_CASE("a compressed log is read as it is", "[recordings][reader]") {
  Files files;
  const auto report = files.read(files.write_compressed(line + line));
  CHECK(report.queries == 2);
  CHECK(report.failure.empty());
}

TEST_CASE("a compressed log that was cut is told", "[recordings][reader]") {
  Files files;
  std::string text;
  for (int i = 0; i < 10000; ++i)
    text +=
        R"({"message":"query","name":"n)" + std::to_string(i * 7919) + R"(","type":"A"})" + "\n";
  const std::string path = files.write_compressed(text);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  const auto report = files.read(path);
  CHECK(report.queries > 0);
  CHECK(report.queries < 10000);
  CHECK_FALSE(report.failure.empty());
}

TEST_CASE("a dnstap file is known by its beginning", "[recordings][reader]") {
  Files files;
  const auto stream = make_stream({frame("a.example. A"), Octets{1, 2}, frame("b.example. A")});
  const auto report = files.read(files.write(stream));
  CHECK(files.names == std::vector<std::string>{"a.example.", "b.example."});
  CHECK(report.first_bad == std::vector<std::uint64_t>{2});
  CHECK(report.failure.empty());
  const auto compressed =
      files.read(files.write_compressed(std::string(stream.begin(), stream.end())));
  CHECK(compressed.queries == 2);
  CHECK(compressed.failure.empty());
}

TEST_CASE("a dnstap file that was cut is read as far as it goes, and told",
          "[recordings][reader]") {
  Files files;
  auto stream = make_stream({frame("a.example. A"), frame("b.example. A")});
  stream.resize(stream.size() - 12 - 3);  // the end, and a piece of the second frame
  const auto report = files.read(files.write(stream));
  CHECK(report.queries == 1);
  CHECK_FALSE(report.failure.empty());
}

TEST_CASE("Frame Streams of something else are refused", "[recordings][reader]") {
  Files files;
  const auto report = files.read(files.write(make_stream({}, "text:something")));
  CHECK(report.failure == "begins like a Frame Streams file, but holds no dnstap");
}

TEST_CASE("a file that cannot be opened is told", "[recordings][reader]") {
  Files files;
  CHECK(files.read(files.directory.path() / "missing").failure == "No such file or directory");
}

}  // namespace sluice::recordings
