// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_api_server.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <deque>
#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace sluice::tests {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
constexpr auto use_result = asio::as_tuple(asio::use_awaitable);

void report(const std::exception_ptr& exception) {
  if (exception) std::rethrow_exception(exception);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string header_of(unsigned status, const FakeApiServer::Headers& headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " X\r\n";
  for (const auto& [name, value] : headers)
    text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

// NOLINTNEXTLINE(readability-function-size): OpenSSL says what its callbacks look like
int prefer_http2(SSL* /*ssl*/, const unsigned char** selected, unsigned char* selected_size,
                 const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  // As a real API server: whoever offers h2 gets it.
  static const std::array<unsigned char, 12> known{2,   'h', '2', 8,   'h', 't',
                                                   't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, selected_size, known.data(), known.size(),
                                          offered, offered_size);
  *selected = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

void FakeApiServer::Exchange::answer(unsigned status, const std::string& body,
                                     const Headers& headers) {
  Headers all = headers;
  all["Content-Length"] = std::to_string(body.size());
  send(header_of(status, all) + body);
}

void FakeApiServer::Exchange::begin_stream() {
  send(header_of(200, {{"Transfer-Encoding", "chunked"}}));
}

void FakeApiServer::Exchange::send_chunk(const std::string& octets) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", octets.size());
  send(size.data() + octets + "\r\n");
}

void FakeApiServer::Exchange::end_stream() {
  send("0\r\n\r\n");
}

struct FakeApiServer::Tls {
  std::shared_ptr<asio::ssl::context> current;
};

class FakeApiServer::Session final : public FakeApiServer::Exchange,
                                     public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {
    stream_.next_layer().set_option(tcp::no_delay(true));
  }

  [[nodiscard]] const ApiServerRequest& request() const override { return request_; }
  void send(std::string octets) override {
    unsent_.push_back(std::move(octets));
    flush();
  }
  void drop() override {
    then_ = Then::drop;
    flush();
  }
  void half_close() override {
    then_ = Then::half_close;
    flush();
  }
  void close() {
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
  }

  asio::awaitable<bool> handshake() {
    const auto [error] =
        co_await stream_.async_handshake(asio::ssl::stream_base::server, use_result);
    co_return !error;
  }
  /// False when the connection has ended.
  asio::awaitable<bool> receive() {
    http::request<http::string_body> message;
    const auto [error, size] = co_await http::async_read(stream_, buffer_, message, use_result);
    if (error) co_return false;
    request_ = {.method = message.method_string(),
                .target = message.target(),
                .headers = {},
                .body = message.body(),
                .alpn = alpn()};
    for (const auto& field : message)
      request_.headers[lower(field.name_string())] = field.value();
    co_return true;
  }

 private:
  enum class Then : std::uint8_t { go_on, drop, half_close };

  std::string alpn() {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(stream_.native_handle(), &name, &size);
    return {name, name + size};
  }
  void flush() {
    if (std::exchange(writing_, true)) return;
    asio::co_spawn(
        stream_.get_executor(), [self = shared_from_this()] { return self->write(); }, report);
  }
  asio::awaitable<void> write() {
    while (!unsent_.empty()) {
      const std::string octets = std::move(unsent_.front());
      unsent_.pop_front();
      const auto [error, size] =
          co_await asio::async_write(stream_, asio::buffer(octets), use_result);
      if (error) co_return;
    }
    writing_ = false;
    if (then_ == Then::drop) close();
    if (then_ == Then::half_close) (void)co_await stream_.async_shutdown(use_result);
  }

  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<tcp::socket> stream_;
  boost::beast::flat_buffer buffer_;
  ApiServerRequest request_;
  std::deque<std::string> unsent_;
  bool writing_ = false;
  Then then_ = Then::go_on;
};

FakeApiServer::FakeApiServer(asio::io_context& context, const config::ServerTls& files,
                             Script script)
    : context_(context),
      tls_(std::make_unique<Tls>()),
      script_(std::move(script)),
      acceptor_(context) {
  use_certificate(files);
  start();
}

FakeApiServer::~FakeApiServer() {
  stop();
}

void FakeApiServer::use_certificate(const config::ServerTls& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->use_certificate_chain_file(files.certificate_file);
  context->use_private_key_file(files.private_key_file, asio::ssl::context::pem);
  SSL_CTX_set_alpn_select_cb(context->native_handle(), prefer_http2, nullptr);
  tls_->current = std::move(context);
}

void FakeApiServer::start() {
  const tcp::endpoint address(asio::ip::address_v4::loopback(), port_);
  acceptor_ = tcp::acceptor(context_, address);
  port_ = acceptor_.local_endpoint().port();
  asio::co_spawn(context_, [this] { return accept(); }, report);
}

void FakeApiServer::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& each : std::exchange(sessions_, {}))
    if (const auto session = each.lock()) session->close();
}

asio::awaitable<void> FakeApiServer::accept() {
  while (true) {
    auto [error, socket] = co_await acceptor_.async_accept(use_result);
    if (error) co_return;
    ++accepted_;
    auto session = std::make_shared<Session>(std::move(socket), tls_->current);
    sessions_.push_back(session);
    asio::co_spawn(context_, [this, session] { return serve(session); }, report);
  }
}

asio::awaitable<void> FakeApiServer::serve(std::shared_ptr<Session> session) {
  const bool secured = co_await session->handshake();
  if (!secured) co_return;
  while (true) {
    const bool is_there = co_await session->receive();
    if (!is_there) break;
    ++requests_;
    script_(session);
  }
}

}  // namespace sluice::tests
