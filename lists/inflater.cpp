// SPDX-License-Identifier: Apache-2.0
#include "lists/inflater.hpp"

#include <algorithm>
#include <new>

#include <zlib.h>

namespace sluice::lists {
namespace {

/// 15: the largest window; 16 more: gzip's header instead of zlib's.
constexpr int gzip_window = 15 + 16;

}  // namespace

Inflater::Inflater(std::uint64_t max_output, Take take)
    : max_output_(max_output), take_(std::move(take)), stream_(std::make_unique<z_stream>()) {
  if (inflateInit2(stream_.get(), gzip_window) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() {
  inflateEnd(stream_.get());
}

bool Inflater::is_gzip(std::span<const std::uint8_t> octets) {
  return octets.size() >= 2 && octets[0] == 0x1f && octets[1] == 0x8b;
}

std::string Inflater::feed(std::span<const std::uint8_t> octets) {
  input_ += octets.size();
  stream_->next_in = const_cast<Bytef*>(octets.data());  // NOLINT: zlib only reads it
  stream_->avail_in = static_cast<uInt>(octets.size());
  while (stream_->avail_in > 0) {
    if (is_complete_) {
      // Zeros fill up the last block of a tape, and of some servers.
      if (*stream_->next_in == 0) {
        ++stream_->next_in;
        --stream_->avail_in;
        continue;
      }
      inflateReset(stream_.get());
      is_complete_ = false;
    }
    if (auto problem = inflate_some(); !problem.empty()) return problem;
  }
  return {};
}

std::string Inflater::finish() const {
  return is_complete_ ? "" : "the gzip data ends before its end";
}

/// As much as fits into the buffer.
std::string Inflater::inflate_some() {
  do {
    stream_->next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_->avail_out = static_cast<uInt>(buffer_.size());
    const int result = inflate(stream_.get(), Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      return std::string("the gzip data is damaged: ") +
             (stream_->msg != nullptr ? stream_->msg : "unknown reason");
    const std::size_t size = buffer_.size() - stream_->avail_out;
    output_ += size;
    if (auto problem = check_output(); !problem.empty()) return problem;
    if (!take_({buffer_.data(), size})) return "is not read to its end";
    is_complete_ = result == Z_STREAM_END;
  } while (!is_complete_ && stream_->avail_out == 0);
  return {};
}

std::string Inflater::check_output() const {
  if (output_ > max_output_)
    return "inflates to more than " + std::to_string(max_output_) +
           " octets, the limit of lists.maxBytes";
  if (output_ > free_output && output_ / max_ratio > input_)
    return "inflates to more than " + std::to_string(max_ratio) +
           " times its size, which no list does";
  return {};
}

}  // namespace sluice::lists
