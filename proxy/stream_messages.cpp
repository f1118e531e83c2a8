// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream_messages.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::proxy {

std::span<std::uint8_t> StreamMessages::space() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Full with one unfinished message: double, up to the longest there is.
  if (end_ == buffer_.size())
    buffer_.resize(std::min(buffer_.size() * 2, stream_prefix_size + max_stream_message_size));
  return std::span(buffer_).subspan(end_);
}

std::optional<std::span<const std::uint8_t>> StreamMessages::next() {
  const std::span<const std::uint8_t> waiting = std::span(buffer_).subspan(begin_, end_ - begin_);
  if (waiting.size() < stream_prefix_size) return std::nullopt;
  const std::size_t size = static_cast<std::size_t>(waiting[0]) << 8U | waiting[1];
  if (waiting.size() < stream_prefix_size + size) return std::nullopt;
  begin_ += stream_prefix_size + size;
  return waiting.subspan(stream_prefix_size, size);
}

}  // namespace sluice::proxy
