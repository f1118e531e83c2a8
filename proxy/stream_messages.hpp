// SPDX-License-Identifier: Apache-2.0
// DNS messages out of a byte stream: two octets of length, then the message (RFC 1035 4.2.2, RFC
// 7766 8). However the stream is cut into reads, the same messages come out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sluice::proxy {

/// The length prefix, and the longest message that it can announce.
inline constexpr std::size_t stream_prefix_size = 2;
inline constexpr std::size_t max_stream_message_size = 65535;

/// Collects what was read and gives out whole messages. Starts with `initial_size` octets and grows
/// only for a message that is longer, so a peer that announces much and sends little costs little.
class StreamMessages {
 public:
  explicit StreamMessages(std::size_t initial_size) : buffer_(initial_size) {}

  /// Where the next read goes: never empty. Call when next() has nothing more; messages given out
  /// before are gone.
  std::span<std::uint8_t> space();
  /// The first `size` octets of space() have been filled.
  void commit(std::size_t size) { end_ += size; }
  /// The next whole message, empty if its announced length is 0. Valid until space().
  std::optional<std::span<const std::uint8_t>> next();
  /// Whether part of a message waits for the rest.
  [[nodiscard]] bool is_partial() const { return begin_ != end_; }

 private:
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sluice::proxy
