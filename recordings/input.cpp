// SPDX-License-Identifier: Apache-2.0
#include "recordings/input.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <unistd.h>
#include <zlib.h>

namespace sluice::recordings {
namespace {

/// Large recordings are read in pieces of this, not of zlib's 8 KiB.
constexpr unsigned buffer_size = 128 << 10;

}  // namespace

void Input::Closer::operator()(gzFile_s* file) const {
  gzclose(file);
}

Input::Input(const std::string& path)
    : file_(path == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rbe")) {
  if (file_ == nullptr) {
    failure_ = std::strerror(errno);
  } else {
    gzbuffer(file_.get(), buffer_size);
  }
}

std::optional<std::uint8_t> Input::peek() {
  if (file_ == nullptr) return std::nullopt;
  const int octet = gzgetc(file_.get());
  if (octet < 0) {
    check();
    return std::nullopt;
  }
  gzungetc(octet, file_.get());
  return static_cast<std::uint8_t>(octet);
}

std::size_t Input::read(std::span<std::uint8_t> buffer) {
  if (file_ == nullptr) return 0;
  const int count = gzread(file_.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
  if (count < static_cast<int>(buffer.size())) check();
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

Input::LineResult Input::read_line(std::string& line, std::size_t limit) {
  line.clear();
  bool has_content = false;
  bool is_too_long = false;
  std::array<char, 4096> piece{};
  while (file_ != nullptr && gzgets(file_.get(), piece.data(), piece.size()) != nullptr) {
    has_content = true;
    std::string_view text(piece.data());
    const bool is_end = text.ends_with('\n');
    if (is_end) text.remove_suffix(1);
    is_too_long = is_too_long || line.size() + text.size() > limit;
    if (!is_too_long) line += text;
    if (is_end) break;
  }
  check();
  if (!has_content) return LineResult::end;
  return is_too_long ? LineResult::too_long : LineResult::line;
}

/// A file that ends in the middle of its compressed data is an error; the end is none.
void Input::check() {
  if (file_ == nullptr) return;
  int code = Z_OK;
  const char* text = gzerror(file_.get(), &code);
  if (code == Z_ERRNO) failure_ = std::strerror(errno);
  if (code == Z_BUF_ERROR) failure_ = "ends in the middle of its compressed data";
  if (code < 0 && code != Z_ERRNO && code != Z_BUF_ERROR) failure_ = text;
}

}  // namespace sluice::recordings
