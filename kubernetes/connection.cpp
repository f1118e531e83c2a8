// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/connection.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <netinet/tcp.h>

#include "kubernetes/connection_failure.hpp"
#include "tls/peer_name.hpp"

namespace sluice::kubernetes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = http::response_parser<http::buffer_body>;
using Request = http::request<http::string_body>;
using Stream = beast::ssl_stream<beast::tcp_stream>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
/// More than one TLS record, and what one read of the socket brings.
constexpr std::size_t piece_size = 32UL * 1024;
constexpr std::uint32_t max_header_size = 32 * 1024;
/// Of an answer that is not 2xx: a Status has a few hundred octets.
constexpr std::size_t max_error_body = 64UL * 1024;

using KeepAliveIdle = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
using KeepAliveInterval = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
using KeepAliveCount = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;

/// A watch is silent for minutes, and a node that vanished sends no FIN: without these the read
/// deadline of minutes would be all there is.
void find_dead_peers(tcp::socket& socket, std::chrono::milliseconds unacknowledged) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(tcp::socket::keep_alive(true), ignored);
  socket.set_option(KeepAliveIdle(30), ignored);
  socket.set_option(KeepAliveInterval(10), ignored);
  socket.set_option(KeepAliveCount(3), ignored);
  socket.set_option(UserTimeout(static_cast<int>(unacknowledged.count())), ignored);
}

bool is_success(unsigned status) {
  return status >= 200 && status < 300;
}

/// Seconds; the form with a date is for caches.
std::optional<std::chrono::seconds> retry_after(const Parser& parser) {
  const auto text = parser.get()[http::field::retry_after];
  unsigned seconds = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

class ApiConnection::State {
 public:
  State(asio::any_io_executor executor, Credentials& credentials, ConnectionSettings settings)
      : executor_(std::move(executor)),
        credentials_(credentials),
        settings_(std::move(settings)),
        piece_(piece_size) {}

  asio::awaitable<ApiResult<void>> open(const ApiRequest& request) {
    drop_if_stale();
    is_closed_ = false;
    auto status = co_await send_with_retries(request);
    if (!status) co_return status.error();
    if (is_success(*status)) co_return ApiResult<void>();
    co_return co_await read_failure(*status);
  }

  asio::awaitable<ApiResult<std::string>> read_body(std::size_t limit) {
    std::string body;
    while (true) {
      const auto piece = co_await read_some(deadline_);
      if (!piece) co_return piece.error();
      if (piece->empty()) co_return body;
      if (body.size() + piece->size() > limit) {
        close();
        co_return ApiFailure{
            .kind = FailureKind::too_large,
            .text = "the answer has more than " + std::to_string(limit) + " octets"};
      }
      body += *piece;
    }
  }

  asio::awaitable<ApiResult<std::string_view>> read_some(TimePoint deadline) {
    while (stream_ && parser_ && !parser_->is_done()) {
      auto& body = parser_->get().body();
      body.data = piece_.data();
      body.size = piece_.size();
      // A timer alone never fires for a server whose octets are always there already.
      if (Clock::now() >= deadline) co_return fail(beast::error::timeout);
      expire_at(deadline);
      auto [error, read] = co_await http::async_read_some(*stream_, buffer_, *parser_, as_result);
      if (error == http::error::need_buffer) error = {};
      if (error || !stream_) co_return fail(error);
      const std::size_t size = piece_.size() - body.size;
      if (size > 0) co_return std::string_view(piece_.data(), size);
    }
    if (!parser_) co_return fail({});
    finish();
    co_return std::string_view();
  }

  void close() {
    is_closed_ = true;
    if (!stream_) return;
    error_code ignored;
    beast::get_lowest_layer(*stream_).socket().close(ignored);
  }

  [[nodiscard]] std::size_t max_body() const { return settings_.limits.max_body; }

 private:
  /// The status of the answer, whose body is not read yet.
  asio::awaitable<ApiResult<unsigned>> send_with_retries(const ApiRequest& request) {
    const bool was_kept = stream_.has_value();
    auto status = co_await send(request);
    const bool had_ended = !status && status.error().kind == FailureKind::lost;
    if (had_ended && was_kept && !is_closed_ && request.method == "GET")
      status = co_await send(request);
    if (!status || *status != 401 || is_closed_) co_return status;
    drop();
    credentials_.expire_token();
    co_return co_await send(request);
  }

  asio::awaitable<ApiResult<unsigned>> send(const ApiRequest& request) {
    const auto token = credentials_.token(Clock::now());
    if (!token) co_return token.error();
    if (!stream_) {
      const auto connected = co_await connect();
      if (!connected) co_return connected.error();
    }
    deadline_ = Clock::now() + settings_.limits.answer;
    expire_at(deadline_);
    const Request message = make_message(request, *token);
    const auto [write_error, sent] = co_await http::async_write(*stream_, message, as_result);
    if (write_error || is_closed_) co_return fail(write_error);
    parser_.emplace();
    parser_->body_limit(boost::none);
    parser_->header_limit(max_header_size);
    const auto [error, read] =
        co_await http::async_read_header(*stream_, buffer_, *parser_, as_result);
    if (error || is_closed_) co_return fail(error);
    co_return parser_->get().result_int();
  }

  asio::awaitable<ApiResult<void>> connect() {
    const auto tls = credentials_.tls_context();
    if (!tls) co_return tls.error();
    const auto endpoints = co_await resolve();
    if (!endpoints) co_return endpoints.error();
    if (is_closed_) co_return fail({});
    tls_ = *tls;
    stream_.emplace(beast::tcp_stream(executor_), *tls_);
    buffer_.clear();
    auto& socket = beast::get_lowest_layer(*stream_);
    socket.expires_after(settings_.limits.connect);
    const auto [error, endpoint] = co_await socket.async_connect(*endpoints, as_result);
    if (error || is_closed_) co_return fail(error);
    find_dead_peers(socket.socket(), settings_.limits.unacknowledged);
    co_return co_await shake_hands();
  }

  /// An address is not looked up anywhere.
  asio::awaitable<ApiResult<std::vector<tcp::endpoint>>> resolve() {
    const ClusterAccess& access = credentials_.access();
    error_code error;
    const auto address = asio::ip::make_address(access.host, error);
    if (!error) co_return std::vector{tcp::endpoint(address, access.port)};
    tcp::resolver resolver(executor_);
    const auto [failed, found] =
        co_await resolver.async_resolve(access.host, std::to_string(access.port), as_result);
    if (failed)
      co_return ApiFailure{.kind = FailureKind::refused,
                           .text = access.host + ": " + failed.message()};
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found)
      endpoints.push_back(entry.endpoint());
    co_return endpoints;
  }

  asio::awaitable<ApiResult<void>> shake_hands() {
    const ClusterAccess& access = credentials_.access();
    const std::string& name = access.server_name.empty() ? access.host : access.server_name;
    tls::require_peer_name(*stream_->native_handle(), name);
    beast::get_lowest_layer(*stream_).expires_after(settings_.limits.handshake);
    const auto [error] =
        co_await stream_->async_handshake(asio::ssl::stream_base::client, as_result);
    if (!error && !is_closed_) co_return ApiResult<void>();
    ApiFailure failure = handshake_failure(error, *stream_->native_handle(), name);
    drop();
    co_return failure;
  }

  Request make_message(const ApiRequest& request, const std::string& token) const {
    const ClusterAccess& access = credentials_.access();
    Request message{http::string_to_verb(request.method), access.base_path + request.target, 11};
    message.set(http::field::host, bracketed(access.host) + ':' + std::to_string(access.port));
    message.set(http::field::user_agent, settings_.user_agent);
    message.set(http::field::accept, request.accept);
    if (!token.empty()) message.set(http::field::authorization, "Bearer " + token);
    if (!request.content_type.empty()) message.set(http::field::content_type, request.content_type);
    message.body() = request.body;
    message.prepare_payload();
    return message;
  }

  /// What an answer other than 2xx says.
  asio::awaitable<ApiFailure> read_failure(unsigned status) {
    const auto retry = retry_after(*parser_);
    const auto body = co_await read_body(max_error_body);
    ApiFailure failure = make_http_failure(static_cast<int>(status), body ? *body : "");
    if (retry) failure.status.retry_after = retry;
    co_return failure;
  }

  /// After the last octet of an answer.
  void finish() {
    const bool is_kept = parser_->keep_alive();
    parser_.reset();
    used_ = Clock::now();
    if (!is_kept) drop();
  }

  ApiFailure fail(const error_code& error) {
    drop();
    return is_closed_ ? ApiFailure{.kind = FailureKind::lost, .text = "closed by us"}
                      : connection_failure(error);
  }

  void drop_if_stale() {
    // An answer that was not read to its end leaves the connection in the middle of it.
    if (is_closed_ || parser_ || Clock::now() - used_ > settings_.limits.idle) drop();
  }
  void drop() {
    parser_.reset();
    stream_.reset();
  }
  void expire_at(TimePoint deadline) { beast::get_lowest_layer(*stream_).expires_at(deadline); }

  asio::any_io_executor executor_;
  Credentials& credentials_;
  ConnectionSettings settings_;
  std::shared_ptr<asio::ssl::context> tls_;  ///< outlives the stream
  std::optional<Stream> stream_;
  std::optional<Parser> parser_;  ///< from an answer's header to its last octet
  beast::flat_buffer buffer_;
  std::vector<char> piece_;
  TimePoint deadline_;
  TimePoint used_;
  bool is_closed_ = false;
};

ApiConnection::ApiConnection(const asio::any_io_executor& executor, Credentials& credentials,
                             ConnectionSettings settings)
    : state_(std::make_shared<State>(executor, credentials, std::move(settings))) {}

ApiConnection::~ApiConnection() {
  close();
}

asio::awaitable<ApiResult<std::string>> ApiConnection::exchange(const ApiRequest& request) {
  const auto state = state_;
  const auto opened = co_await state->open(request);
  if (!opened) co_return opened.error();
  co_return co_await state->read_body(state->max_body());
}

asio::awaitable<ApiResult<void>> ApiConnection::open(const ApiRequest& request) {
  const auto state = state_;
  co_return co_await state->open(request);
}

asio::awaitable<ApiResult<std::string_view>> ApiConnection::read_some(TimePoint deadline) {
  const auto state = state_;
  co_return co_await state->read_some(deadline);
}

void ApiConnection::close() {
  state_->close();
}

}  // namespace sluice::kubernetes
