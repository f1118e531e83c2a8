// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_fetch.hpp"

#include <optional>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "proxy/version.hpp"
#include "tls/peer_name.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Parser = http::response_parser<http::buffer_body>;
using Clock = std::chrono::steady_clock;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr int max_redirections = 5;
constexpr std::uint32_t max_header_size = 16 * 1024;
constexpr std::size_t piece_size = 64UL * 1024;

/// One answer: done, or on to another URL.
struct Step {
  FetchResult result;
  std::optional<ListUrl> next;
};

Step failed(std::string problem) {
  return {{.problem = std::move(problem), .is_unchanged = false, .version = {}}, std::nullopt};
}

http::request<http::empty_body> make_request(const ListUrl& url, const HttpVersion& known) {
  http::request<http::empty_body> request{http::verb::get, url.target, 11};
  request.set(http::field::host, url.authority);
  request.set(http::field::user_agent, std::string("sluice/") + version);
  request.set(http::field::accept_encoding, "gzip, identity");
  request.set(http::field::connection, "close");
  if (!known.etag.empty()) request.set(http::field::if_none_match, known.etag);
  if (!known.last_modified.empty())
    request.set(http::field::if_modified_since, known.last_modified);
  return request;
}

std::string problem_of(const error_code& error, const FetchRequest& request) {
  if (error == http::error::body_limit)
    return "has more than " + std::to_string(request.limits.max_octets) +
           " octets, the limit of lists.maxBytes";
  if (error == beast::error::timeout) return "the server takes too long";
  if (error == http::error::partial_message) return "the download ends before its end";
  return error.message();
}

bool is_redirection(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Step follow(const ListUrl& url, const Parser& parser) {
  const auto location = parser.get()[http::field::location];
  auto next = url.follow({location.data(), location.size()});
  if (!next) return failed("the server redirects to what is no http or https URL");
  if (url.is_https && !next->is_https) return failed("the server redirects from https to http");
  return {{}, std::move(next)};
}

/// A connection over either kind of stream, as far as it is the same.
template <typename Stream>
class Exchange {
 public:
  Exchange(Stream& stream, const FetchRequest& request, const ListUrl& url)
      : stream_(stream), request_(request), url_(url) {
    parser_.body_limit(request.limits.max_octets);
    parser_.header_limit(max_header_size);
  }

  asio::awaitable<Step> run() {
    const auto message = make_request(url_, request_.known);
    extend_deadline();
    const auto [write_error, sent] = co_await http::async_write(stream_, message, as_result);
    if (write_error) co_return failed(problem_of(write_error, request_));
    const auto [read_error, read] =
        co_await http::async_read_header(stream_, buffer_, parser_, as_result);
    if (read_error) co_return failed(problem_of(read_error, request_));
    const unsigned status = parser_.get().result_int();
    if (is_redirection(status)) co_return follow(url_, parser_);
    if (status == 304)
      co_return Step{{.problem = {}, .is_unchanged = true, .version = request_.known}, {}};
    if (status != 200) co_return failed("the server answers with status " + std::to_string(status));
    co_return co_await read_body();
  }

 private:
  asio::awaitable<Step> read_body() {
    const HttpVersion version{header(http::field::etag), header(http::field::last_modified)};
    request_.begin(version);
    std::vector<std::uint8_t> piece(piece_size);
    const auto end = Clock::now() + request_.limits.deadline;
    while (!parser_.is_done()) {
      if (Clock::now() > end) co_return failed("the download takes too long");
      parser_.get().body().data = piece.data();
      parser_.get().body().size = piece.size();
      extend_deadline();
      auto [error, read] = co_await http::async_read_some(stream_, buffer_, parser_, as_result);
      if (error == http::error::need_buffer) error = {};
      if (error) co_return failed(problem_of(error, request_));
      const std::size_t size = piece.size() - parser_.get().body().size;
      if (!request_.take(std::span(piece).first(size))) break;
    }
    co_return Step{{.problem = {}, .is_unchanged = false, .version = version}, {}};
  }

  std::string header(http::field field) const { return std::string(parser_.get()[field]); }
  void extend_deadline() {
    beast::get_lowest_layer(stream_).expires_after(request_.limits.step_timeout);
  }

  Stream& stream_;
  const FetchRequest& request_;
  const ListUrl& url_;
  Parser parser_;
  beast::flat_buffer buffer_;
};

/// Empty, or what is wrong with the trust store.
std::string trust(asio::ssl::context& context, const std::filesystem::path& ca_file) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(asio::ssl::verify_peer);
  error_code error;
  if (ca_file.empty()) {
    context.set_default_verify_paths(error);
  } else {
    context.load_verify_file(ca_file.string(), error);
  }
  if (!error) return {};
  return "lists.caFile " + ca_file.string() + ": " + error.message();
}

asio::awaitable<Step> fetch_over_tls(beast::tcp_stream tcp, const FetchRequest& request,
                                     const ListUrl& url) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  if (auto problem = trust(context, request.ca_file); !problem.empty()) co_return failed(problem);
  beast::ssl_stream<beast::tcp_stream> stream(std::move(tcp), context);
  tls::require_peer_name(*stream.native_handle(), url.host);
  beast::get_lowest_layer(stream).expires_after(request.limits.step_timeout);
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
  if (error) co_return failed("TLS with " + url.host + ": " + error.message());
  Exchange<beast::ssl_stream<beast::tcp_stream>> exchange(stream, request, url);
  co_return co_await exchange.run();
}

asio::awaitable<Step> fetch_once(const FetchRequest& request, const ListUrl& url) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto [resolve_error, endpoints] =
      co_await resolver.async_resolve(url.host, url.port, as_result);
  if (resolve_error) co_return failed(url.host + ": " + resolve_error.message());
  beast::tcp_stream stream(executor);
  stream.expires_after(request.limits.step_timeout);
  const auto [connect_error, endpoint] = co_await stream.async_connect(endpoints, as_result);
  if (connect_error) co_return failed(url.host + ": " + problem_of(connect_error, request));
  if (url.is_https) co_return co_await fetch_over_tls(std::move(stream), request, url);
  Exchange<beast::tcp_stream> exchange(stream, request, url);
  co_return co_await exchange.run();
}

}  // namespace

asio::awaitable<FetchResult> fetch_list(const FetchRequest& request) {
  ListUrl url = request.url;
  for (int i = 0; i <= max_redirections; ++i) {
    Step step = co_await fetch_once(request, url);
    if (!step.next) co_return std::move(step.result);
    url = *std::move(step.next);
  }
  co_return failed("the server redirects more than " + std::to_string(max_redirections) + " times")
      .result;
}

}  // namespace sluice::proxy
