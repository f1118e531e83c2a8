// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_server.hpp"

#include <array>
#include <deque>
#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace sluice::tests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto use_result = asio::as_tuple(asio::use_awaitable);

void report(const std::exception_ptr& exception) {
  if (exception) std::rethrow_exception(exception);
}

std::shared_ptr<asio::ssl::context> make_context(const config::ServerTls& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->use_certificate_chain_file(files.certificate_file);
  context->use_private_key_file(files.private_key_file, asio::ssl::context::pem);
  return context;
}

}  // namespace

struct TlsServer::Contexts {
  std::shared_ptr<asio::ssl::context> current;
};

class TlsServer::Session final : public TlsServer::Connection,
                                 public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {
    stream_.next_layer().set_option(tcp::no_delay(true));  // or each answer takes 40 ms
  }

  void send(std::span<const std::uint8_t> message) override { enqueue(frame(message)); }
  void send_split(std::span<const std::uint8_t> message) override {
    for (const std::uint8_t octet : frame(message))
      enqueue({octet});
  }
  void close() override {
    closing_ = true;
    if (!writing_) drop();
  }
  [[nodiscard]] std::size_t queries() const override { return queries_; }

  void drop() {
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
  }
  asio::awaitable<bool> handshake() {
    const auto [error] =
        co_await stream_.async_handshake(asio::ssl::stream_base::server, use_result);
    co_return !error;
  }
  bool is_resumed() { return SSL_session_reused(stream_.native_handle()) == 1; }
  /// Empty when the connection has ended.
  asio::awaitable<Octets> receive() {
    std::array<std::uint8_t, 2> prefix{};
    const auto [error, size] = co_await asio::async_read(stream_, asio::buffer(prefix), use_result);
    if (error) co_return Octets{};
    Octets message(static_cast<std::size_t>(prefix[0]) << 8 | prefix[1]);
    const auto [failed, read] =
        co_await asio::async_read(stream_, asio::buffer(message), use_result);
    if (failed) co_return Octets{};
    ++queries_;
    co_return message;
  }

 private:
  static Octets frame(std::span<const std::uint8_t> message) {
    Octets framed{static_cast<std::uint8_t>(message.size() >> 8),
                  static_cast<std::uint8_t>(message.size())};
    framed.insert(framed.end(), message.begin(), message.end());
    return framed;
  }
  void enqueue(Octets octets) {
    unsent_.push_back(std::move(octets));
    if (std::exchange(writing_, true)) return;
    asio::co_spawn(
        stream_.get_executor(), [self = shared_from_this()] { return self->write(); }, report);
  }
  asio::awaitable<void> write() {
    while (!unsent_.empty()) {
      const Octets octets = std::move(unsent_.front());
      unsent_.pop_front();
      const auto [error, size] =
          co_await asio::async_write(stream_, asio::buffer(octets), use_result);
      if (error) co_return;
    }
    writing_ = false;
    if (closing_) drop();
  }

  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<tcp::socket> stream_;
  std::deque<Octets> unsent_;
  std::size_t queries_ = 0;
  bool writing_ = false;
  bool closing_ = false;
};

TlsServer::TlsServer(asio::io_context& context, const config::ServerTls& files, Script script)
    : context_(context),
      tls_(std::make_unique<Contexts>()),
      script_(std::move(script)),
      acceptor_(context) {
  use_certificate(files);
  start();
}

TlsServer::~TlsServer() {
  stop();
}

void TlsServer::use_certificate(const config::ServerTls& files) {
  tls_->current = make_context(files);
}

void TlsServer::start() {
  const tcp::endpoint address(asio::ip::address_v4::loopback(), port_);
  acceptor_ = tcp::acceptor(context_, address);
  port_ = acceptor_.local_endpoint().port();
  asio::co_spawn(context_, [this] { return accept(); }, report);
}

void TlsServer::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  close_connections();
}

void TlsServer::close_connections() {
  for (const auto& each : std::exchange(sessions_, {}))
    if (const auto session = each.lock()) session->drop();
}

asio::awaitable<void> TlsServer::accept() {
  while (true) {
    auto [error, socket] = co_await acceptor_.async_accept(use_result);
    if (error) co_return;
    ++accepted_;
    auto session = std::make_shared<Session>(std::move(socket), tls_->current);
    sessions_.push_back(session);
    asio::co_spawn(context_, [this, session] { return serve(session); }, report);
  }
}

asio::awaitable<void> TlsServer::serve(std::shared_ptr<Session> session) {
  const bool secured = co_await session->handshake();
  if (!secured) co_return;
  ++handshakes_;
  if (session->is_resumed()) ++resumed_;
  while (true) {
    const Octets query = co_await session->receive();
    if (query.empty()) break;
    ++queries_;
    script_(*session, query);
  }
  session->drop();
}

void answer_everything(TlsServer::Connection& connection, const Octets& query) {
  connection.send(make_response(query));
}

}  // namespace sluice::tests
