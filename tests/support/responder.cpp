// SPDX-License-Identifier: Apache-2.0
#include "tests/support/responder.hpp"

#include <future>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>

#include "tests/support/responder_connection.hpp"

namespace sluice::tests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using TlsStream = asio::ssl::stream<tcp::socket>;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::shared_ptr<asio::ssl::context> make_context(const CertificateFiles& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  context->use_certificate_chain_file(files.certificate);
  context->use_private_key_file(files.private_key, asio::ssl::context::pem);
  return context;
}

tcp::acceptor listen(asio::io_context& io, const std::string& address, std::uint16_t port) {
  return {io, tcp::endpoint(asio::ip::make_address(address), port)};
}

/// A coroutine that ends by an exception is a bug of the responder: it shows.
void rethrow(const std::exception_ptr& exception) {
  if (exception) std::rethrow_exception(exception);
}

}  // namespace

class Responder::Server {
 public:
  explicit Server(const ResponderOptions& options)
      : script_(options.zone),
        acceptor_(listen(io_, options.address, options.port)),
        socket_(io_, udp::endpoint(asio::ip::make_address(options.address),
                                   acceptor_.local_endpoint().port())),
        tls_acceptor_(io_) {
    asio::co_spawn(io_, serve_datagrams(), rethrow);
    asio::co_spawn(io_, accept_plain(), rethrow);
    if (!options.certificate) return;
    context_ = make_context(*options.certificate);
    tls_acceptor_ = listen(io_, options.address, options.tls_port);
    asio::co_spawn(io_, accept_tls(), rethrow);
  }

  ~Server() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start() {
    thread_ = std::thread([this] { io_.run(); });
  }

  /// Runs on the responder's thread and waits for it.
  template <typename Function>
  auto call(Function function) {
    std::packaged_task<decltype(function())()> task(std::move(function));
    auto result = task.get_future();
    asio::post(io_, [&task] { task(); });
    return result.get();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::uint16_t tls_port() const {
    return tls_acceptor_.is_open() ? tls_acceptor_.local_endpoint().port() : std::uint16_t{0};
  }
  // The rest belongs to the responder's thread.
  [[nodiscard]] ResponderScript& script() { return script_; }
  [[nodiscard]] std::size_t accepted() const { return accepted_; }
  void set_certificate(const CertificateFiles& files) { context_ = make_context(files); }
  void close_connections() {
    for (const auto& connection : connections_) {
      if (const auto open = connection.lock()) open->close();
    }
    connections_.clear();
  }

 private:
  asio::awaitable<void> serve_datagrams() {
    std::array<std::uint8_t, 4096> packet;
    while (true) {
      udp::endpoint peer;
      const auto [error, size] =
          co_await socket_.async_receive_from(asio::buffer(packet), peer, as_result);
      if (error == asio::error::operation_aborted) co_return;
      if (error) continue;  // an ICMP error of an earlier answer
      send(script_.reply_to(std::span(packet).first(size), max_datagram_size), peer);
    }
  }

  void send(const Reply& reply, const udp::endpoint& peer) {
    if (reply.delay.count() == 0) return send_now(reply, peer);
    auto timer = std::make_shared<asio::steady_timer>(io_, reply.delay);
    timer->async_wait([this, timer, reply, peer](auto error) {
      if (!error) send_now(reply, peer);
    });
  }

  void send_now(const Reply& reply, const udp::endpoint& peer) {
    boost::system::error_code ignored;  // datagrams may get lost
    for (const Octets& message : reply.messages)
      socket_.send_to(asio::buffer(message), peer, 0, ignored);
  }

  asio::awaitable<void> accept_plain() {
    while (true) {
      auto [error, socket] = co_await acceptor_.async_accept(as_result);
      if (error == asio::error::operation_aborted) co_return;
      if (error) continue;
      auto connection =
          std::make_shared<ResponderConnection<tcp::socket>>(std::move(socket), script_);
      adopt(connection, connection->stream());
      asio::co_spawn(io_, [connection] { return connection->run(); }, rethrow);
    }
  }

  asio::awaitable<void> accept_tls() {
    while (true) {
      auto [error, socket] = co_await tls_acceptor_.async_accept(as_result);
      if (error == asio::error::operation_aborted) co_return;
      if (error) continue;
      auto connection = std::make_shared<ResponderConnection<TlsStream>>(
          TlsStream(std::move(socket), *context_), script_);
      adopt(connection, connection->stream().next_layer());
      asio::co_spawn(io_, [connection] { return run_tls(connection); }, rethrow);
    }
  }

  static asio::awaitable<void> run_tls(std::shared_ptr<ResponderConnection<TlsStream>> connection) {
    const auto [error] =
        co_await connection->stream().async_handshake(TlsStream::server, as_result);
    if (!error) co_await connection->run();
  }

  void adopt(const std::shared_ptr<ClosableConnection>& connection, tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    std::erase_if(connections_, [](const auto& known) { return known.expired(); });
    connections_.push_back(connection);
    ++accepted_;
  }

  static constexpr std::size_t max_datagram_size = 4096;

  asio::io_context io_{1};
  ResponderScript script_;
  tcp::acceptor acceptor_;
  udp::socket socket_;
  tcp::acceptor tls_acceptor_;
  std::shared_ptr<asio::ssl::context> context_;
  std::vector<std::weak_ptr<ClosableConnection>> connections_;
  std::size_t accepted_ = 0;
  std::thread thread_;
};

Responder::Responder(ResponderOptions options) {
  // The port that TCP was given may be somebody else's in UDP: then another one is tried.
  for (int attempts = 16; server_ == nullptr; --attempts) {
    try {
      server_ = std::make_unique<Server>(options);
    } catch (const boost::system::system_error&) {
      if (attempts == 0 || options.port != 0) throw;
    }
  }
  server_->start();
}

Responder::~Responder() = default;

std::uint16_t Responder::port() const {
  return server_->port();
}

std::uint16_t Responder::tls_port() const {
  return server_->tls_port();
}

void Responder::set_zone(const std::string& text) {
  server_->call([&] { server_->script().set_zone(text); });
}

void Responder::set_misbehaviour(Misbehaviour misbehaviour) {
  server_->call([&] { server_->script().set_misbehaviour(misbehaviour); });
}

void Responder::set_rcode(std::optional<dns::Rcode> rcode) {
  server_->call([&] { server_->script().set_rcode(rcode); });
}

void Responder::set_delay(const std::string& name, std::chrono::milliseconds delay) {
  server_->call([&] { server_->script().set_delay(name, delay); });
}

void Responder::set_certificate(const CertificateFiles& files) {
  server_->call([&] { server_->set_certificate(files); });
}

void Responder::close_connections() {
  server_->call([&] { server_->close_connections(); });
}

std::size_t Responder::queries() const {
  return server_->call([&] { return server_->script().queries(); });
}

std::size_t Responder::queries(const std::string& name) const {
  return server_->call([&] { return server_->script().queries(name); });
}

std::size_t Responder::connections() const {
  return server_->call([&] { return server_->accepted(); });
}

}  // namespace sluice::tests
