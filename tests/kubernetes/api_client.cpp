// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/api_client.hpp"

#include <stdexcept>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/json/parse.hpp>

namespace sluice::tests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr std::chrono::seconds longest_wait{30};
constexpr std::size_t largest_answer = 64UL << 20;
constexpr int http_1_1 = 11;

/// A reference would be a trap in a coroutine; the caller runs it to its end before it returns.
asio::awaitable<Response> exchange(const ApiServerAddress* server, const Request* request) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.load_verify_file(server->authority.string());
  beast::ssl_stream<beast::tcp_stream> stream(co_await asio::this_coro::executor, tls);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
  auto& connection = beast::get_lowest_layer(stream);
  connection.expires_after(longest_wait);
  const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), server->port);
  co_await connection.async_connect(endpoint, asio::use_awaitable);
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  co_await http::async_write(stream, *request, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(largest_answer);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  co_return parser.release();
}

}  // namespace

struct ApiClient::Exchange {
  http::verb method;
  const std::string& target;
  const char* content_type = nullptr;
  std::string body = {};
};

boost::json::value ApiAnswer::json() const {
  return boost::json::parse(text);
}

boost::json::value ApiAnswer::object() const {
  if (status < 200 || status > 299)
    throw std::runtime_error("the API server answers " + std::to_string(status) + ": " + text);
  return json();
}

ApiAnswer ApiClient::get(const std::string& target) const {
  return ask({http::verb::get, target});
}

ApiAnswer ApiClient::post(const std::string& target, const std::string& object) const {
  return ask({http::verb::post, target, "application/yaml", object});
}

ApiAnswer ApiClient::patch(const std::string& target, const std::string& change) const {
  return ask({http::verb::patch, target, "application/merge-patch+json", change});
}

ApiAnswer ApiClient::apply(const std::string& target, const std::string& object) const {
  return ask({http::verb::patch, target, "application/apply-patch+yaml", object});
}

ApiAnswer ApiClient::remove(const std::string& target) const {
  return ask({http::verb::delete_, target});
}

ApiAnswer ApiClient::ask(const Exchange& wanted) const {
  Request request(wanted.method, wanted.target, http_1_1, wanted.body);
  request.set(http::field::host, "127.0.0.1");
  request.set(http::field::connection, "close");
  request.set(http::field::accept, "application/json");
  if (!token_.empty()) request.set(http::field::authorization, "Bearer " + token_);
  if (wanted.content_type != nullptr) request.set(http::field::content_type, wanted.content_type);
  request.prepare_payload();
  asio::io_context context;
  auto response = asio::co_spawn(context, exchange(&server_, &request), asio::use_future);
  context.run();
  const Response answer = response.get();
  return {answer.result_int(), answer.body(),
          std::string(answer["X-Kubernetes-PF-FlowSchema-UID"])};
}

}  // namespace sluice::tests
