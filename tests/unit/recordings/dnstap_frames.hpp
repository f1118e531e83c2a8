// SPDX-License-Identifier: Apache-2.0
// dnstap frames and files, octet by octet, so that they are tested against the specifications of
// protobuf and Frame Streams and not against the libraries that read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::recordings {

using Octets = std::vector<std::uint8_t>;

// Message.Type of dnstap.
inline constexpr int resolver_query = 3;
inline constexpr int client_query = 5;
inline constexpr int client_response = 6;

/// A field with a number in it: tag, varint.
inline void add_number(Octets& out, int field, int value) {
  out.push_back(static_cast<std::uint8_t>(field << 3));
  out.push_back(static_cast<std::uint8_t>(value));
}

/// A field with octets in it: tag, length (below 16384), octets.
inline void add_octets(Octets& out, int field, const Octets& value) {
  out.push_back(static_cast<std::uint8_t>(field << 3 | 2));
  out.push_back(static_cast<std::uint8_t>((value.size() & 0x7f) | 0x80));
  out.push_back(static_cast<std::uint8_t>(value.size() >> 7));
  out.insert(out.end(), value.begin(), value.end());
}

struct FrameContent {
  int type = client_query;
  Octets address{10, 0, 1, 5};
  Octets message;
};

inline Octets make_frame(const FrameContent& content) {
  Octets message;
  add_number(message, 1, content.type);
  add_number(message, 2, 1);  // socket_family: INET, which we do not read
  add_octets(message, 4, content.address);
  add_octets(message, content.type % 2 == 1 ? 10 : 14, content.message);
  Octets frame;
  add_octets(frame, 14, message);
  add_number(frame, 15, 1);
  return frame;
}

inline void add_u32(Octets& out, std::size_t value) {
  for (const int shift : {24, 16, 8, 0})
    out.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// A Frame Streams file: START with its content type, the frames, STOP.
inline Octets make_stream(const std::vector<Octets>& frames,
                          const std::string& content = "protobuf:dnstap.Dnstap") {
  Octets file;
  for (const std::size_t number :
       {std::size_t{0}, 12 + content.size(), std::size_t{2}, std::size_t{1}, content.size()})
    add_u32(file, number);
  file.insert(file.end(), content.begin(), content.end());
  for (const Octets& frame : frames) {
    add_u32(file, frame.size());
    file.insert(file.end(), frame.begin(), frame.end());
  }
  for (const std::size_t number : {0UL, 4UL, 3UL})
    add_u32(file, number);
  return file;
}

}  // namespace sluice::recordings
