// SPDX-License-Identifier: Apache-2.0
// A byte stream over a non-blocking socket, plain or TLS, behind one interface: the listener for
// TCP and DoT clients and the DoT upstream are written once against it, and a test can put a stream
// in its place that fails where it likes.
//
// The try_... operations never block and never throw. When one wants the socket to become readable
// or writable, the coroutine awaits ready() and tries again; the functions at the end do just that.
// OpenSSL works on the descriptor itself and Asio only tells when it is ready: cheaper than a copy
// through asio::ssl::stream, and the same path for both kinds.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "proxy/tls_context.hpp"

namespace sluice::proxy {

enum class IoStatus : std::uint8_t {
  done,
  want_read,   ///< nothing happened; try again when the socket is readable
  want_write,  ///< nothing happened; try again when the socket is writable
  closed,      ///< the peer ended the stream, or this side closed it meanwhile
  untrusted,   ///< handshake only: the peer's certificate does not verify
  failed,      ///< broken; failure_text() says how
};

struct IoResult {
  IoStatus status = IoStatus::failed;
  std::size_t bytes = 0;  ///< how many were moved, when done
};

/// Lives on one worker's thread. Must outlive every coroutine that awaits one of its operations:
/// such a coroutine owns the stream, or shares in owning what does.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  virtual IoStatus try_handshake() = 0;
  /// Moves at least one byte when done. `buffer` is not empty.
  virtual IoResult try_read(std::span<std::uint8_t> buffer) = 0;
  /// May take less than all of `data`, which is not empty.
  virtual IoResult try_write(std::span<const std::uint8_t> data) = 0;
  /// Waits until the socket is what `want` (want_read or want_write) asks for, or close() is
  /// called.
  virtual boost::asio::awaitable<void> ready(IoStatus want) = 0;
  /// Tells the peer where the protocol has a word for that, and closes. Operations then say closed.
  virtual void close() noexcept = 0;
  /// Whether the handshake resumed an earlier session.
  [[nodiscard]] virtual bool is_resumed() const { return false; }
  /// What the peer showed and the handshake verified; null without TLS, and when it showed none.
  [[nodiscard]] virtual const X509* peer_certificate() const { return nullptr; }
  /// Why the last operation said failed or untrusted, for a person.
  [[nodiscard]] virtual std::string failure_text() const = 0;
};

/// Takes over a connected socket. TCP_NODELAY is set: what is written goes out at once.
std::unique_ptr<Stream> make_tcp_stream(boost::asio::ip::tcp::socket socket);
/// The same with TLS, on the side that `session` was made for.
std::unique_ptr<Stream> make_tls_stream(boost::asio::ip::tcp::socket socket, TlsSession session);

/// The same as the try_ operations, but wait. Never want_read or want_write.
boost::asio::awaitable<IoStatus> handshake(Stream& stream);
boost::asio::awaitable<IoResult> read_some(Stream& stream, std::span<std::uint8_t> buffer);
/// Writes all of `data` unless the stream ends before.
boost::asio::awaitable<IoStatus> write_all(Stream& stream, std::span<const std::uint8_t> data);

}  // namespace sluice::proxy
