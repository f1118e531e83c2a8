// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http_server.hpp"

#include <algorithm>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

namespace sluice::tests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Takes one line without its end off `text`.
std::string take_line(std::string& text) {
  const auto end = text.find("\r\n");
  std::string line = text.substr(0, end);
  text.erase(0, end == text.npos ? text.size() : end + 2);
  return line;
}

HttpRequest parse(std::string text) {
  HttpRequest request;
  const std::string first = take_line(text);
  const auto start = first.find(' ') + 1;
  request.target = first.substr(start, first.find(' ', start) - start);
  for (std::string line = take_line(text); !line.empty(); line = take_line(text)) {
    const auto colon = line.find(": ");
    request.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
  }
  return request;
}

std::string to_text(const HttpReply& reply) {
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\nConnection: close\r\n";
  for (const auto& [name, value] : reply.headers)
    text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(reply.body.size() + reply.missing);
  return text + "\r\n\r\n" + reply.body;
}

}  // namespace

class HttpServer::State {
 public:
  State(Handler handler, const std::optional<config::ServerTls>& tls)
      : handler_(std::move(handler)),
        acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
        tls_(asio::ssl::context::tls_server),
        is_tls_(tls.has_value()) {
    if (tls) {
      tls_.use_certificate_chain_file(tls->certificate_file.string());
      tls_.use_private_key_file(tls->private_key_file.string(), asio::ssl::context::pem);
    }
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~State() {
    context_.stop();
    thread_.join();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::size_t requests() const { return requests_; }

 private:
  void accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (error) return;
      is_tls_ ? serve_tls(std::move(socket)) : serve(socket);
      accept();
    });
  }

  void serve_tls(tcp::socket socket) {
    asio::ssl::stream<tcp::socket> stream(std::move(socket), tls_);
    error_code error;
    stream.handshake(asio::ssl::stream_base::server, error);
    if (!error) serve(stream);
    stream.shutdown(error);
  }

  template <typename Stream>
  void serve(Stream& stream) {
    std::string text;
    error_code error;
    asio::read_until(stream, asio::dynamic_buffer(text), "\r\n\r\n", error);
    if (error) return;
    const HttpReply reply = handler_(parse(text));
    ++requests_;
    asio::write(stream, asio::buffer(to_text(reply)), error);
  }

  Handler handler_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::ssl::context tls_;
  bool is_tls_;
  std::atomic<std::size_t> requests_{0};
  std::thread thread_;
};

HttpServer::HttpServer(Handler handler, std::optional<config::ServerTls> tls)
    : state_(std::make_unique<State>(std::move(handler), tls)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return state_->port();
}

std::size_t HttpServer::requests() const {
  return state_->requests();
}

}  // namespace sluice::tests
