// SPDX-License-Identifier: Apache-2.0
// The stream without TLS.
#include <system_error>

#include "proxy/stream.hpp"
#include "proxy/stream_socket.hpp"

namespace sluice::proxy {
namespace {

class TcpStream final : public Stream {
 public:
  explicit TcpStream(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  IoStatus try_handshake() override {
    return socket_.is_open() ? IoStatus::done : IoStatus::closed;
  }
  IoResult try_read(std::span<std::uint8_t> buffer) override {
    // A short read emptied the socket: asking again would only cost a system call.
    if (drained_ && socket_.is_open()) {
      drained_ = false;
      return {IoStatus::want_read};
    }
    const IoResult result = socket_.read(buffer);
    drained_ = result.status == IoStatus::done && result.bytes < buffer.size();
    return result;
  }
  IoResult try_write(std::span<const std::uint8_t> data) override { return socket_.write(data); }
  boost::asio::awaitable<void> ready(IoStatus want) override { return socket_.ready(want); }
  void close() noexcept override { socket_.close(); }
  [[nodiscard]] std::string failure_text() const override {
    return std::generic_category().message(socket_.last_error());
  }

 private:
  StreamSocket socket_;
  bool drained_ = false;
};

}  // namespace

std::unique_ptr<Stream> make_tcp_stream(boost::asio::ip::tcp::socket socket) {
  return std::make_unique<TcpStream>(std::move(socket));
}

}  // namespace sluice::proxy
