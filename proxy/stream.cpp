// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream.hpp"

namespace sluice::proxy {
namespace {

bool has_to_wait(IoStatus status) {
  return status == IoStatus::want_read || status == IoStatus::want_write;
}

}  // namespace

boost::asio::awaitable<IoStatus> handshake(Stream& stream) {
  IoStatus status = stream.try_handshake();
  while (has_to_wait(status)) {
    co_await stream.ready(status);
    status = stream.try_handshake();
  }
  co_return status;
}

boost::asio::awaitable<IoResult> read_some(Stream& stream, std::span<std::uint8_t> buffer) {
  IoResult result = stream.try_read(buffer);
  while (has_to_wait(result.status)) {
    co_await stream.ready(result.status);
    result = stream.try_read(buffer);
  }
  co_return result;
}

boost::asio::awaitable<IoStatus> write_all(Stream& stream, std::span<const std::uint8_t> data) {
  while (!data.empty()) {
    const IoResult result = stream.try_write(data);
    if (has_to_wait(result.status)) {
      co_await stream.ready(result.status);
      continue;
    }
    if (result.status != IoStatus::done) co_return result.status;
    data = data.subspan(result.bytes);
  }
  co_return IoStatus::done;
}

}  // namespace sluice::proxy
