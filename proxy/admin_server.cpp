// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin_server.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr const char* plain_text = "text/plain; charset=utf-8";
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
/// When accept fails, mostly for want of file descriptors: trying again at once would only burn
/// CPU.
constexpr auto accept_pause = std::chrono::milliseconds(100);

std::string_view path_of(const Request& request) {
  const auto target = request.target();
  return std::string_view(target.data(), target.size()).substr(0, target.find('?'));
}

AdminReply not_found(const std::vector<AdminRoute>& routes) {
  AdminReply reply{404, plain_text, "not found; there is:\n"};
  for (const AdminRoute& route : routes)
    reply.body += route.path + "\n";
  return reply;
}

/// A URL that cannot be read has no parameters: the page says what it misses.
AdminParameters parameters_of(const Request& request) {
  AdminParameters parameters;
  const auto url =
      boost::urls::parse_origin_form({request.target().data(), request.target().size()});
  if (!url) return parameters;
  for (const auto& parameter : url->params())
    parameters.emplace(parameter.key, parameter.value);
  return parameters;
}

AdminReply make_reply(const Request& request, const std::vector<AdminRoute>& routes) {
  const std::string_view path = path_of(request);
  const auto route = std::find_if(routes.begin(), routes.end(),
                                  [&](const AdminRoute& r) { return r.path == path; });
  if (route == routes.end()) return not_found(routes);
  const bool is_read = request.method() == http::verb::get || request.method() == http::verb::head;
  if (!is_read) return {405, plain_text, "only GET and HEAD\n"};
  return route->make(parameters_of(request));
}

/// What an answer repeats of the request is plain text, and no browser takes it for anything else.
Response to_response(AdminReply reply, const Request& request) {
  Response response{http::int_to_status(reply.status), request.version()};
  response.set(http::field::content_type, reply.content_type);
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  if (reply.status == 405) response.set(http::field::allow, "GET, HEAD");
  response.keep_alive(request.keep_alive());
  response.content_length(reply.body.size());
  if (request.method() != http::verb::head) response.body() = std::move(reply.body);
  return response;
}

/// What a request that cannot be read is answered with; nothing when its sender is gone.
std::optional<AdminReply> reply_to_error(error_code ec) {
  if (ec == http::error::end_of_stream || ec == http::error::partial_message) return std::nullopt;
  if (ec == http::error::header_limit) return AdminReply{431, plain_text, "header too large\n"};
  if (ec == http::error::body_limit) return AdminReply{413, plain_text, "body too large\n"};
  if (ec.category() == make_error_code(http::error::bad_method).category())
    return AdminReply{400, plain_text, "bad request\n"};
  return std::nullopt;
}

void log_failure(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error("admin server failed", {{"error", error.what()}});
  }
}

}  // namespace

struct AdminServer::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, std::vector<AdminRoute> pages, AdminLimits bounds)
      : context(io), acceptor(io), routes(std::move(pages)), limits(bounds) {}

  error_code bind(const tcp::endpoint& endpoint);

  static asio::awaitable<void> accept_all(std::shared_ptr<State> state);
  static asio::awaitable<void> serve(std::shared_ptr<State> state, beast::tcp_stream stream);
  asio::awaitable<bool> serve_one(beast::tcp_stream& stream, beast::flat_buffer& buffer) const;

  asio::io_context& context;
  tcp::acceptor acceptor;
  const std::vector<AdminRoute> routes;
  const AdminLimits limits;
  std::size_t connections = 0;
  std::uint16_t port = 0;
};

AdminServer::AdminServer(asio::io_context& context, std::vector<AdminRoute> routes,
                         AdminLimits limits)
    : state_(std::make_shared<State>(context, std::move(routes), limits)) {}

AdminServer::~AdminServer() {
  stop();
}

std::optional<std::string> AdminServer::start(const config::Admin& where) {
  error_code ec;
  const auto address = asio::ip::make_address(where.address, ec);
  if (!ec) ec = state_->bind({address, where.port});
  if (ec) {
    return fmt::format("admin: cannot listen on {} port {}: {}", where.address, where.port,
                       ec.message());
  }
  asio::co_spawn(state_->context, State::accept_all(state_), log_failure);
  return std::nullopt;
}

void AdminServer::stop() {
  asio::post(state_->context, [state = state_] {
    error_code ignored;
    state->acceptor.close(ignored);
  });
}

std::uint16_t AdminServer::port() const {
  return state_->port;
}

/// SO_REUSEPORT lets a new process start to listen before the old one stops.
error_code AdminServer::State::bind(const tcp::endpoint& endpoint) {
  error_code ec;
  acceptor.open(endpoint.protocol(), ec);
  if (ec) return ec;
  acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (ec) return ec;
  const int on = 1;
  if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
    return {errno, boost::system::system_category()};
  acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  if (!ec) port = acceptor.local_endpoint(ec).port();
  return ec;
}

asio::awaitable<void> AdminServer::State::accept_all(std::shared_ptr<State> state) {
  asio::steady_timer pause(state->context);
  while (state->acceptor.is_open()) {
    auto [ec, socket] = co_await state->acceptor.async_accept(as_result);
    if (ec == asio::error::operation_aborted) co_return;
    if (ec) {
      pause.expires_after(accept_pause);
      co_await pause.async_wait(as_result);
      continue;
    }
    if (state->connections >= state->limits.connections) continue;
    ++state->connections;
    asio::co_spawn(state->context, serve(state, beast::tcp_stream(std::move(socket))),
                   [state](const std::exception_ptr& failure) {
                     --state->connections;
                     log_failure(failure);
                   });
  }
}

asio::awaitable<void> AdminServer::State::serve(std::shared_ptr<State> state,
                                                beast::tcp_stream stream) {
  beast::flat_buffer buffer(state->limits.header_size + state->limits.body_size);
  while (co_await state->serve_one(stream, buffer)) {
  }
  error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

/// One request and its answer, by one deadline. True when another request may follow.
asio::awaitable<bool> AdminServer::State::serve_one(beast::tcp_stream& stream,
                                                    beast::flat_buffer& buffer) const {
  stream.expires_after(limits.request_deadline);
  http::request_parser<http::string_body> parser;
  parser.header_limit(limits.header_size);
  parser.body_limit(limits.body_size);
  const auto [read_error, received] = co_await http::async_read(stream, buffer, parser, as_result);
  std::optional<AdminReply> reply =
      read_error ? reply_to_error(read_error) : make_reply(parser.get(), routes);
  if (!reply) co_return false;
  Response response = to_response(std::move(*reply), parser.get());
  if (read_error) response.keep_alive(false);
  const auto [write_error, sent] = co_await http::async_write(stream, response, as_result);
  co_return !write_error && response.keep_alive();
}

}  // namespace sluice::proxy
