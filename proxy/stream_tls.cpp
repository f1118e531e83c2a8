// SPDX-License-Identifier: Apache-2.0
// The stream with TLS: OpenSSL reads and writes the socket through a BIO of our own, because its
// socket BIO raises SIGPIPE.
#include <system_error>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "proxy/stream.hpp"
#include "proxy/stream_socket.hpp"
#include "tls/openssl_error.hpp"

namespace sluice::proxy {
namespace {

int to_bio_result(BIO* bio, IoResult result) {
  if (result.status == IoStatus::done) return static_cast<int>(result.bytes);
  if (result.status == IoStatus::want_read) BIO_set_retry_read(bio);
  if (result.status == IoStatus::want_write) BIO_set_retry_write(bio);
  if (result.status == IoStatus::closed) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return result.status == IoStatus::closed ? 0 : -1;
}

StreamSocket& socket_of(BIO* bio) {
  return *static_cast<StreamSocket*>(BIO_get_data(bio));
}

extern "C" {
int sluice_bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  auto* octets = reinterpret_cast<std::uint8_t*>(data);  // NOLINT: OpenSSL's type for octets
  return to_bio_result(bio, socket_of(bio).read({octets, static_cast<std::size_t>(size)}));
}

int sluice_bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto* octets = reinterpret_cast<const std::uint8_t*>(data);  // NOLINT: as above
  return to_bio_result(bio, socket_of(bio).write({octets, static_cast<std::size_t>(size)}));
}

long sluice_bio_control(BIO* bio, int command, long /*number*/, void* /*data*/) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}
}

/// Made once, used by every thread, never changed.
const BIO_METHOD* socket_bio_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluice socket");
    BIO_meth_set_read(made, sluice_bio_read);
    BIO_meth_set_write(made, sluice_bio_write);
    BIO_meth_set_ctrl(made, sluice_bio_control);
    return made;
  }();
  return method;
}

class TlsStream final : public Stream {
 public:
  TlsStream(boost::asio::ip::tcp::socket socket, TlsSession session)
      : socket_(std::move(socket)), session_(std::move(session)) {
    BIO* bio = BIO_new(socket_bio_method());
    BIO_set_data(bio, &socket_);
    BIO_set_init(bio, 1);
    SSL_set_bio(session_.get(), bio, bio);
  }

  IoStatus try_handshake() override {
    ERR_clear_error();
    const int result = SSL_do_handshake(session_.get());
    return result == 1 ? IoStatus::done : status_of(result);
  }

  IoResult try_read(std::span<std::uint8_t> buffer) override {
    if (drained_ && socket_.is_open()) {
      drained_ = false;
      return {IoStatus::want_read};
    }
    ERR_clear_error();
    std::size_t size = 0;
    const int result = SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &size);
    if (result != 1) return {status_of(result)};
    // Read-ahead fetched all there was: asking again would only cost a system call.
    drained_ = SSL_has_pending(session_.get()) == 0;
    return {IoStatus::done, size};
  }

  IoResult try_write(std::span<const std::uint8_t> data) override {
    ERR_clear_error();
    std::size_t size = 0;
    const int result = SSL_write_ex(session_.get(), data.data(), data.size(), &size);
    if (result != 1) return {status_of(result)};
    return {IoStatus::done, size};
  }

  boost::asio::awaitable<void> ready(IoStatus want) override { return socket_.ready(want); }

  void close() noexcept override {
    if (!socket_.is_open()) return;
    ERR_clear_error();
    // close_notify if the socket takes it at once; nobody waits for the peer's.
    if (!broken_ && SSL_is_init_finished(session_.get()) == 1) SSL_shutdown(session_.get());
    socket_.close();
  }

  [[nodiscard]] bool is_resumed() const override { return SSL_session_reused(session_.get()) == 1; }
  [[nodiscard]] const X509* peer_certificate() const override {
    return SSL_get0_peer_certificate(session_.get());
  }
  [[nodiscard]] std::string failure_text() const override { return failure_; }

 private:
  IoStatus status_of(int result) {
    switch (SSL_get_error(session_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return IoStatus::want_read;
      case SSL_ERROR_WANT_WRITE:
        return IoStatus::want_write;
      case SSL_ERROR_ZERO_RETURN:
        return IoStatus::closed;
      default:
        return failed();
    }
  }

  IoStatus failed() {
    broken_ =
        true;  // OpenSSL allows nothing on a session after a fatal error, SSL_shutdown neither
    if (!socket_.is_open()) return IoStatus::closed;
    const long verified = SSL_get_verify_result(session_.get());
    if (verified != X509_V_OK && SSL_is_init_finished(session_.get()) == 0) {
      failure_ = X509_verify_cert_error_string(verified);
      return IoStatus::untrusted;
    }
    failure_ = tls::take_openssl_error();
    if (failure_.empty() && socket_.last_error() == 0) return IoStatus::closed;
    if (failure_.empty()) failure_ = std::generic_category().message(socket_.last_error());
    return IoStatus::failed;
  }

  StreamSocket socket_;
  TlsSession session_;
  std::string failure_;
  bool drained_ = false;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<Stream> make_tls_stream(boost::asio::ip::tcp::socket socket, TlsSession session) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(session));
}

}  // namespace sluice::proxy
