// SPDX-License-Identifier: Apache-2.0
#include "recordings/reader.hpp"

#include <memory>
#include <optional>

#include <fstrm.h>

#include "recordings/dnstap.hpp"
#include "recordings/input.hpp"
#include "recordings/query_log.hpp"

namespace sluice::recordings {
namespace {

using Visitor = std::function<void(const RecordedQuery&)>;

/// Lines of Sluice's log have at most 4 kB; what a collector adds may make them longer.
constexpr std::size_t max_line_size = 64 << 10;
constexpr std::string_view dnstap_content_type = "protobuf:dnstap.Dnstap";

void count_bad(ReadReport& report, std::uint64_t number) {
  ++report.bad;
  if (report.first_bad.size() < max_bad_numbers) report.first_bad.push_back(number);
}

void count(ReadReport& report, RecordKind kind, std::uint64_t number) {
  if (kind == RecordKind::query) ++report.queries;
  if (kind == RecordKind::bad) count_bad(report, number);
}

void read_log(Input& input, const Visitor& visit, ReadReport& report) {
  std::string line;
  RecordedQuery query;
  for (std::uint64_t number = 1;; ++number) {
    const auto result = input.read_line(line, max_line_size);
    if (result == Input::LineResult::end) return;
    if (result == Input::LineResult::line && line.empty()) continue;
    const RecordKind kind =
        result == Input::LineResult::too_long ? RecordKind::bad : parse_query_log_line(line, query);
    count(report, kind, number);
    if (kind == RecordKind::query) visit(query);
  }
}

//--- Frame Streams: the library reads through functions that we give it

fstrm_res open_nothing(void* /*input*/) {
  return fstrm_res_success;  // Input is open already, and closes itself
}

fstrm_res read_octets(void* input, void* data, std::size_t size) {
  const auto count = static_cast<Input*>(input)->read({static_cast<std::uint8_t*>(data), size});
  if (count == size) return fstrm_res_success;
  return count == 0 ? fstrm_res_stop : fstrm_res_failure;
}

struct ReaderDeleter {
  void operator()(fstrm_reader* reader) const { fstrm_reader_destroy(&reader); }
};
struct OptionsDeleter {
  void operator()(fstrm_reader_options* options) const { fstrm_reader_options_destroy(&options); }
};
using FrameReader = std::unique_ptr<fstrm_reader, ReaderDeleter>;

FrameReader make_frame_reader(Input& input) {
  fstrm_rdwr* source = fstrm_rdwr_init(&input);
  fstrm_rdwr_set_open(source, open_nothing);
  fstrm_rdwr_set_close(source, open_nothing);
  fstrm_rdwr_set_read(source, read_octets);
  const std::unique_ptr<fstrm_reader_options, OptionsDeleter> options(fstrm_reader_options_init());
  fstrm_reader_options_add_content_type(options.get(), dnstap_content_type.data(),
                                        dnstap_content_type.size());
  return FrameReader(fstrm_reader_init(options.get(), &source));
}

void read_frames(Input& input, const Visitor& visit, ReadReport& report) {
  const FrameReader frames = make_frame_reader(input);
  if (fstrm_reader_open(frames.get()) != fstrm_res_success) {
    report.failure = "begins like a Frame Streams file, but holds no dnstap";
    return;
  }
  DnstapDecoder decoder;
  RecordedQuery query;
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  fstrm_res result = fstrm_res_success;
  for (std::uint64_t number = 1;; ++number) {
    result = fstrm_reader_read(frames.get(), &data, &size);
    if (result != fstrm_res_success) break;
    const RecordKind kind = decoder.decode({data, size}, query);
    count(report, kind, number);
    if (kind == RecordKind::query) visit(query);
  }
  if (result != fstrm_res_stop) report.failure = "ends in the middle of a frame";
}

}  // namespace

ReadReport read_recording(const std::string& path, const Visitor& visit) {
  ReadReport report;
  Input input(path);
  if (input.peek() == std::optional<std::uint8_t>(0)) {
    read_frames(input, visit, report);
  } else {
    read_log(input, visit, report);
  }
  if (!input.failure().empty()) report.failure = input.failure();
  return report;
}

}  // namespace sluice::recordings
