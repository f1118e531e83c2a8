// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <climits>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include "commands/byte_stream.hpp"

namespace sluice::commands {
namespace {

struct ContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct ConnectionDeleter {
  void operator()(SSL* connection) const { SSL_free(connection); }
};
using Context = std::unique_ptr<SSL_CTX, ContextDeleter>;
using Connection = std::unique_ptr<SSL, ConnectionDeleter>;

std::string library_error() {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  if (code == 0) return "the connection was closed";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

Context make_context(const TlsOptions& options) {
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded = options.ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                             : SSL_CTX_load_verify_locations(
                                                   context.get(), options.ca_file.c_str(), nullptr);
  if (loaded != 1) {
    throw ExchangeFailure(options.ca_file.string() + ": no PEM certificates can be read from it");
  }
  return context;
}

/// The name or address that must stand in the certificate, and the name for SNI.
void expect_server(SSL* connection, const std::string& name) {
  auto* parameters = SSL_get0_param(connection);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1) return;
  X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), name.size());
  SSL_set_tlsext_host_name(connection, name.c_str());
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(Socket socket, const TlsOptions& options, Deadline deadline)
      : socket_(std::move(socket)),
        deadline_(deadline),
        context_(make_context(options)),
        connection_(SSL_new(context_.get())) {
    expect_server(connection_.get(), options.server_name);
    const std::string offer = static_cast<char>(options.protocol.size()) + options.protocol;
    SSL_set_alpn_protos(connection_.get(), reinterpret_cast<const unsigned char*>(offer.data()),
                        static_cast<unsigned>(offer.size()));
    SSL_set_fd(connection_.get(), socket_.number());
    while (!is_done(SSL_connect(connection_.get()))) {
    }
  }

  void write(std::span<const std::uint8_t> octets) override {
    while (!octets.empty()) {
      const int size = static_cast<int>(std::min<std::size_t>(octets.size(), INT_MAX));
      const int sent = SSL_write(connection_.get(), octets.data(), size);
      if (is_done(sent)) octets = octets.subspan(static_cast<std::size_t>(sent));
    }
  }

  std::size_t read(std::span<std::uint8_t> buffer) override {
    while (true) {
      const int size = SSL_read(connection_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (size <= 0 && SSL_get_error(connection_.get(), size) == SSL_ERROR_ZERO_RETURN) return 0;
      if (is_done(size)) return static_cast<std::size_t>(size);
    }
  }

 private:
  /// Waits for the socket if the library has to.
  bool is_done(int result) {
    if (result > 0) return true;
    const int error = SSL_get_error(connection_.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail();
    socket_.wait_for(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline_);
    return false;
  }

  [[noreturn]] void fail() {
    const long verified = SSL_get_verify_result(connection_.get());
    if (verified != X509_V_OK) {
      throw ExchangeFailure(std::string("the server's certificate is not accepted: ") +
                            X509_verify_cert_error_string(verified));
    }
    throw ExchangeFailure("TLS: " + library_error());
  }

  Socket socket_;
  Deadline deadline_;
  Context context_;
  Connection connection_;
};

}  // namespace

std::unique_ptr<ByteStream> open_tls(Socket socket, const TlsOptions& options, Deadline deadline) {
  return std::make_unique<TlsStream>(std::move(socket), options, deadline);
}

}  // namespace sluice::commands
