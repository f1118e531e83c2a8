// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin_server.hpp"

#include <string_view>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace sluice;
using namespace sluice::proxy;
using boost::asio::ip::tcp;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

const config::Admin any_port{"127.0.0.1", 0};

/// A server on a thread of its own.
class Running {
 public:
  explicit Running(AdminLimits limits = {})
      : server_(context_,
                {{"/page", [](const auto&) { return AdminReply{200, "text/plain", "hello\n"}; }},
                 {"/sick", [](const auto&) { return AdminReply{503, "text/plain", "not yet\n"}; }},
                 {"/echo",
                  [](const AdminParameters& parameters) {
                    AdminReply reply;
                    for (const auto& [name, value] : parameters)
                      reply.body += name + '=' + value + '\n';
                    return reply;
                  }}},
                limits) {
    const auto problem = server_.start(any_port);
    if (problem) FAIL(*problem);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Running() {
    context_.stop();
    thread_.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  void stop() { server_.stop(); }

 private:
  boost::asio::io_context context_{1};
  AdminServer server_;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(std::uint16_t port) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }
  /// A connection that the server has closed shows when reading.
  void send(std::string_view text) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(text), ignored);
  }
  /// Everything until the server closes.
  std::string read_all() {
    std::string text = std::move(read_);
    boost::system::error_code ec;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(text), ec);
    return text;
  }
  std::string read_until(std::string_view end) {
    const auto size = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(read_), end);
    std::string text = read_.substr(0, size);
    read_.erase(0, size);
    return text;
  }

 private:
  boost::asio::io_context context_;
  tcp::socket socket_{context_};
  std::string read_;
};

std::string ask(std::uint16_t port, const std::string& first_line) {
  Client client(port);
  client.send(first_line + "\r\nHost: test\r\nConnection: close\r\n\r\n");
  return client.read_all();
}

}  // namespace

TEST_CASE("a page is served", "[proxy][admin]") {
  const Running server;
  const auto answer = ask(server.port(), "GET /page HTTP/1.1");
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(answer, ContainsSubstring("Content-Type: text/plain\r\n"));
  CHECK_THAT(answer, ContainsSubstring("Content-Length: 6\r\n"));
  CHECK_THAT(answer, ContainsSubstring("X-Content-Type-Options: nosniff\r\n"));
  CHECK_THAT(answer, EndsWith("\r\n\r\nhello\n"));
}

TEST_CASE("a query string does not matter", "[proxy][admin]") {
  const Running server;
  CHECK_THAT(ask(server.port(), "GET /page?x=1 HTTP/1.1"), EndsWith("hello\n"));
}

TEST_CASE("HEAD is answered like GET, without the body", "[proxy][admin]") {
  const Running server;
  const auto answer = ask(server.port(), "HEAD /page HTTP/1.1");
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(answer, ContainsSubstring("Content-Length: 6\r\n"));
  CHECK_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_CASE("the status of a page is passed on", "[proxy][admin]") {
  const Running server;
  const auto answer = ask(server.port(), "GET /sick HTTP/1.1");
  CHECK_THAT(answer, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  CHECK_THAT(answer, EndsWith("not yet\n"));
}

TEST_CASE("a page gets the parameters of the URL, decoded", "[proxy][admin]") {
  const Running server;
  CHECK_THAT(ask(server.port(), "GET /echo?b=2&a=x%3Dy%2Cz&b=3 HTTP/1.1"),
             EndsWith("a=x=y,z\nb=2\n"));
  CHECK_THAT(ask(server.port(), "GET /echo HTTP/1.1"), ContainsSubstring("200 OK"));
}

TEST_CASE("an unknown path is told what there is, and is not repeated", "[proxy][admin]") {
  const Running server;
  const auto answer = ask(server.port(), "GET /<script> HTTP/1.1");
  CHECK_THAT(answer, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  CHECK_THAT(answer, EndsWith("/page\n/sick\n/echo\n"));
  CHECK_THAT(answer, !ContainsSubstring("script"));
}

TEST_CASE("other methods are refused", "[proxy][admin]") {
  const Running server;
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW"}) {
    INFO(method);
    const auto answer = ask(server.port(), method + " /page HTTP/1.1");
    CHECK_THAT(answer, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
    CHECK_THAT(answer, ContainsSubstring("Allow: GET, HEAD\r\n"));
  }
}

TEST_CASE("a connection serves several requests, pipelined ones too", "[proxy][admin]") {
  const Running server;
  Client client(server.port());
  const std::string request = "GET /page HTTP/1.1\r\nHost: test\r\n\r\n";
  client.send(request);
  CHECK_THAT(client.read_until("hello\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  client.send(request + request);
  CHECK_THAT(client.read_until("hello\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(client.read_until("hello\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("garbage is a bad request", "[proxy][admin]") {
  const Running server;
  CHECK_THAT(ask(server.port(), std::string("\x16\x03\x01\x00", 4)),
             StartsWith("HTTP/1.1 400 Bad Request\r\n"));
}

TEST_CASE("headers and bodies are bounded", "[proxy][admin]") {
  const Running server({.header_size = 256, .body_size = 16});
  CHECK_THAT(ask(server.port(), "GET /page HTTP/1.1\r\nX: " + std::string(300, 'x')),
             StartsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
  CHECK_THAT(ask(server.port(), "GET /page HTTP/1.1\r\nContent-Length: 17"),
             StartsWith("HTTP/1.1 413 Payload Too Large\r\n"));
}

TEST_CASE("a request that does not end is cut off", "[proxy][admin]") {
  const Running server({.request_deadline = std::chrono::milliseconds(20)});
  Client client(server.port());
  client.send("GET /page HTT");
  CHECK(client.read_all().empty());
}

TEST_CASE("connections beyond the limit are closed, and later ones served again",
          "[proxy][admin]") {
  const Running server({.connections = 1});
  {
    Client first(server.port());
    first.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n");
    first.read_until("hello\n");
    Client second(server.port());
    CHECK(second.read_all().empty());
    first.send("GET /page HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    CHECK_THAT(first.read_all(), EndsWith("hello\n"));
  }
  // The server may take the next one before it is done with the first: then it closes that, too.
  std::string answer;
  while (answer.empty())
    answer = ask(server.port(), "GET /page HTTP/1.1");
  CHECK_THAT(answer, EndsWith("hello\n"));
}

TEST_CASE("a port that is taken is reported", "[proxy][admin]") {
  boost::asio::io_context context;
  tcp::acceptor other(context, {boost::asio::ip::address_v4::loopback(), 0});
  AdminServer server(context, {});
  const auto port = other.local_endpoint().port();
  const auto problem = server.start({"127.0.0.1", port});
  REQUIRE(problem);
  CHECK(*problem == "admin: cannot listen on 127.0.0.1 port " + std::to_string(port) +
                        ": Address already in use");
}

TEST_CASE("an address that is none is reported", "[proxy][admin]") {
  boost::asio::io_context context;
  AdminServer server(context, {});
  const auto problem = server.start({"localhost", 0});
  REQUIRE(problem);
  CHECK_THAT(*problem, StartsWith("admin: cannot listen on localhost port 0: "));
}

TEST_CASE("two servers can share a port while one takes over", "[proxy][admin]") {
  boost::asio::io_context context;
  AdminServer first(context, {});
  REQUIRE_FALSE(first.start(any_port));
  AdminServer second(context, {});
  CHECK_FALSE(second.start({"127.0.0.1", first.port()}));
}

TEST_CASE("a stopped server lets its thread end", "[proxy][admin]") {
  boost::asio::io_context context;
  AdminServer server(context, {});
  REQUIRE_FALSE(server.start(any_port));
  server.stop();
  context.run();
  CHECK(context.stopped());
}
