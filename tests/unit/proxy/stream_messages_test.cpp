// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream_messages.hpp"

#include <algorithm>
#include <numeric>

#include <catch2/catch_test_macros.hpp>

using sluice::proxy::StreamMessages;

namespace {

using Octets = std::vector<std::uint8_t>;

Octets framed(std::size_t size, std::uint8_t fill) {
  Octets made(size + 2, fill);
  made[0] = static_cast<std::uint8_t>(size >> 8);
  made[1] = static_cast<std::uint8_t>(size);
  return made;
}

/// Feeds the octets in pieces and collects what comes out.
std::vector<Octets> read_in_pieces(const Octets& stream, std::size_t piece) {
  StreamMessages messages(64);
  std::vector<Octets> found;
  for (std::size_t at = 0; at < stream.size();) {
    const auto space = messages.space();
    const std::size_t size = std::min({piece, space.size(), stream.size() - at});
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), size, space.begin());
    messages.commit(size);
    at += size;
    while (const auto message = messages.next())
      found.emplace_back(message->begin(), message->end());
  }
  CHECK_FALSE(messages.is_partial());
  return found;
}

}  // namespace

TEST_CASE("the same messages come out however the stream is cut", "[proxy][stream-messages]") {
  Octets stream;
  for (const std::size_t size : {17UL, 1UL, 0UL, 62UL, 63UL, 500UL, 12UL}) {
    const Octets one = framed(size, static_cast<std::uint8_t>(size));
    stream.insert(stream.end(), one.begin(), one.end());
  }
  const auto whole = read_in_pieces(stream, stream.size());
  REQUIRE(whole.size() == 7);
  CHECK(whole[5] == Octets(500, 500 & 0xff));
  for (std::size_t piece = 1; piece < 80; ++piece)
    CHECK(read_in_pieces(stream, piece) == whole);
}

TEST_CASE("the longest message fits, and no more memory is taken than it needs",
          "[proxy][stream-messages]") {
  const auto found = read_in_pieces(framed(65535, 7), 5000);
  REQUIRE(found.size() == 1);
  CHECK(found[0].size() == 65535);
}

TEST_CASE("a length alone takes no memory", "[proxy][stream-messages]") {
  StreamMessages messages(64);
  auto space = messages.space();
  space[0] = space[1] = 0xff;
  messages.commit(2);
  CHECK_FALSE(messages.next());
  CHECK(messages.is_partial());
  CHECK(messages.space().size() == 62);
}
