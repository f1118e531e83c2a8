// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/admission_server.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "crds/reviewer.hpp"
#include "kubernetes/admission_review.hpp"

namespace sluice::kubernetes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;
using Stream = beast::ssl_stream<beast::tcp_stream>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr const char* validate_path = "/validate";
/// When accept fails, mostly for want of file descriptors: trying again at once would only burn
/// CPU.
constexpr auto accept_pause = std::chrono::milliseconds(100);
/// What is read before the deadline of a request begins: a header, as a rule.
constexpr std::size_t first_piece_size = 4096;
/// What one read of a body brings; Beast takes no more at once.
constexpr std::size_t piece_size = 65536;

struct Reply {
  http::status status = http::status::ok;
  std::string body;
};

/// What Go writes: `5s`, or `1m30s`, which nobody has any use for here.
std::optional<std::chrono::milliseconds> read_timeout(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number <= 0 || number > 3600) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit == "s") return std::chrono::seconds(number);
  if (unit == "ms") return std::chrono::milliseconds(number);
  return std::nullopt;
}

struct Target {
  bool is_validate = false;
  std::optional<std::chrono::milliseconds> timeout;
};

Target read_target(std::string_view text) {
  const auto url = boost::urls::parse_origin_form({text.data(), text.size()});
  if (!url) return {};
  Target target{.is_validate = url->path() == validate_path, .timeout = std::nullopt};
  const auto timeout = url->params().find("timeout");
  if (timeout != url->params().end()) target.timeout = read_timeout((*timeout).value);
  return target;
}

/// What a request that cannot be read is answered with; nothing when its sender is gone.
std::optional<Reply> reply_to_error(const error_code& error) {
  if (error == http::error::end_of_stream || error == http::error::partial_message)
    return std::nullopt;
  if (error == http::error::header_limit)
    return Reply{http::status::request_header_fields_too_large, "header too large\n"};
  if (error == http::error::body_limit)
    return Reply{http::status::payload_too_large, "body too large\n"};
  if (error.category() == make_error_code(http::error::bad_method).category())
    return Reply{http::status::bad_request, "bad request\n"};
  return std::nullopt;
}

/// Nothing of the request is repeated in what is no answer to a review.
Response to_response(Reply reply, const Parser& parser, bool is_kept) {
  Response response{reply.status, 11};
  const bool is_review = reply.status == http::status::ok;
  response.set(http::field::content_type,
               is_review ? "application/json" : "text/plain; charset=utf-8");
  if (reply.status == http::status::method_not_allowed) response.set(http::field::allow, "POST");
  response.body() = std::move(reply.body);
  response.keep_alive(is_kept && parser.keep_alive());
  response.prepare_payload();
  return response;
}

/// Octets of a body that are, or may be, on their way.
class Reservation {
 public:
  Reservation(std::uint64_t& total, std::uint64_t size) : total_(total), size_(size) {
    total_ += size_;
  }
  ~Reservation() { total_ -= size_; }
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

 private:
  std::uint64_t& total_;
  std::uint64_t size_;
};

}  // namespace

class AdmissionServer::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::any_io_executor executor, AdmissionSettings settings, AdmissionCallbacks callbacks,
        AdmissionLimits limits)
      : executor_(std::move(executor)),
        settings_(std::move(settings)),
        callbacks_(std::move(callbacks)),
        limits_(limits),
        certificate_(settings_.certificate),
        acceptor_(executor_),
        refresh_timer_(executor_) {}

  std::optional<std::string> start() {
    error_code error;
    const auto address = asio::ip::make_address(settings_.address, error);
    if (!error) error = bind({address, settings_.port});
    if (error) {
      return "webhook: cannot listen on " + settings_.address + " port " +
             std::to_string(settings_.port) + ": " + error.message();
    }
    const auto on_end = [self = shared_from_this()](const std::exception_ptr& failure) {
      self->report(failure);
    };
    refresh();
    asio::co_spawn(executor_, refresh_forever(shared_from_this()), on_end);
    asio::co_spawn(executor_, accept_all(shared_from_this()), on_end);
    return std::nullopt;
  }

  void stop() {
    is_stopped_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    refresh_timer_.cancel();
    for (beast::tcp_stream* stream : connections_)
      stream->close();
  }

  void refresh() {
    if (const auto problem = certificate_.refresh()) callbacks_.on_problem("webhook: " + *problem);
    (void)look_at_objects();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] AdmissionMetrics metrics() const {
    AdmissionMetrics metrics = metrics_;
    metrics.certificate_not_after = certificate_.not_after();
    return metrics;
  }

 private:
  using Self = std::shared_ptr<State>;

  error_code bind(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    return error;
  }

  void report(const std::exception_ptr& failure) const {
    if (!failure || is_stopped_) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      callbacks_.on_problem(std::string("webhook: ") + error.what());
    }
  }

  /// False while not everything was seen.
  bool look_at_objects() {
    const Snapshot newest = callbacks_.sources();
    if (newest != nullptr && newest != seen_) known_.update(*newest);
    seen_ = newest;
    return seen_ != nullptr;
  }

  static asio::awaitable<void> refresh_forever(Self self) {
    while (!self->is_stopped_) {
      self->refresh_timer_.expires_after(self->limits_.refresh);
      co_await self->refresh_timer_.async_wait(as_result);
      if (!self->is_stopped_) self->refresh();
    }
  }

  static asio::awaitable<void> accept_all(Self self) {
    asio::steady_timer pause(self->executor_);
    while (!self->is_stopped_) {
      auto [error, socket] = co_await self->acceptor_.async_accept(as_result);
      if (self->is_stopped_) co_return;
      if (error) {
        pause.expires_after(accept_pause);
        co_await pause.async_wait(as_result);
        continue;
      }
      const ServingCertificate::Context context = self->certificate_.context();
      if (context == nullptr || self->connections_.size() >= self->limits_.connections) continue;
      auto stream = std::make_shared<Stream>(std::move(socket), *context);
      self->connections_.insert(&stream->next_layer());
      asio::co_spawn(self->executor_, serve(self, stream),
                     [self, stream, context](const std::exception_ptr& failure) {
                       self->connections_.erase(&stream->next_layer());
                       self->report(failure);
                     });
    }
  }

  static asio::awaitable<void> serve(Self self, std::shared_ptr<Stream> stream) {
    stream->next_layer().expires_after(self->limits_.handshake);
    const auto [error] =
        co_await stream->async_handshake(asio::ssl::stream_base::server, as_result);
    if (error) co_return;
    beast::flat_buffer buffer(self->limits_.header_size + piece_size);
    bool is_kept = true;
    while (is_kept && !self->is_stopped_)
      is_kept = co_await self->serve_one(*stream, buffer);
    stream->next_layer().expires_after(self->limits_.handshake);
    co_await stream->async_shutdown(as_result);
  }

  /// Until its first octets are in the buffer, where those of a pipelined one may be already.
  asio::awaitable<bool> wait_for_request(Stream& stream, beast::flat_buffer& buffer) const {
    if (buffer.size() > 0) co_return true;
    stream.next_layer().expires_after(limits_.idle);
    const auto [error, size] =
        co_await stream.async_read_some(buffer.prepare(first_piece_size), as_result);
    buffer.commit(size);
    co_return !error;
  }

  /// One request and its answer. True when another request may follow.
  asio::awaitable<bool> serve_one(Stream& stream, beast::flat_buffer& buffer) {
    Parser parser;
    parser.header_limit(limits_.header_size);
    parser.body_limit(limits_.body_size);
    const bool has_begun = co_await wait_for_request(stream, buffer);
    if (!has_begun) co_return false;
    const auto begin = Clock::now();
    stream.next_layer().expires_at(begin + limits_.request);
    const auto [error, read] = co_await http::async_read_header(stream, buffer, parser, as_result);
    std::optional<Reply> reply = error ? reply_to_error(error) : refuse(parser);
    const bool is_refused = reply.has_value();
    if (!error && !is_refused) reply = co_await read_and_judge(stream, buffer, parser);
    if (!reply || is_stopped_) co_return false;
    const bool is_kept = !is_refused && reply->status == http::status::ok;
    if (!is_refused) metrics_.durations.observe(Clock::now() - begin);
    const Response response = to_response(*std::move(reply), parser, is_kept);
    const auto [failed, sent] = co_await http::async_write(stream, response, as_result);
    co_return !failed && response.keep_alive();
  }

  /// What does not depend on the body, which is not read then.
  std::optional<Reply> refuse(const Parser& parser) const {
    const auto target = parser.get().target();
    if (!read_target({target.data(), target.size()}).is_validate)
      return Reply{http::status::not_found, "not found; there is: POST /validate\n"};
    if (parser.get().method() != http::verb::post)
      return Reply{http::status::method_not_allowed, "only POST\n"};
    if (bodies_size_ + size_of_body(parser) > limits_.all_bodies_size)
      return Reply{http::status::service_unavailable, "too much at once\n"};
    return std::nullopt;
  }

  [[nodiscard]] std::uint64_t size_of_body(const Parser& parser) const {
    const auto length = parser.content_length();
    return length ? *length : limits_.body_size;
  }

  asio::awaitable<std::optional<Reply>> read_and_judge(Stream& stream, beast::flat_buffer& buffer,
                                                       Parser& parser) {
    const Reservation reservation(bodies_size_, size_of_body(parser));
    const auto target = parser.get().target();
    const auto timeout = read_target({target.data(), target.size()}).timeout;
    stream.next_layer().expires_after(std::min(timeout.value_or(limits_.request), limits_.request));
    const auto [error, read] = co_await http::async_read(stream, buffer, parser, as_result);
    if (error) co_return reply_to_error(error);
    if (is_stopped_) co_return std::nullopt;
    co_return judge(parser.get().body());
  }

  Reply judge(const std::string& body) {
    if (!look_at_objects())
      return {http::status::service_unavailable, "not all objects of the cluster were seen yet\n"};
    auto answer = answer_review(body, known_);
    if (!answer) {
      ++metrics_.requests[{"other", "other", false, "BadRequest"}];
      return {http::status::bad_request, "no AdmissionReview of admission.k8s.io/v1\n"};
    }
    ++metrics_.requests[{answer->kind, answer->operation, answer->allowed, answer->reason}];
    return {http::status::ok, std::move(answer->body)};
  }

  asio::any_io_executor executor_;
  const AdmissionSettings settings_;
  const AdmissionCallbacks callbacks_;
  const AdmissionLimits limits_;
  ServingCertificate certificate_;
  crds::Reviewer known_;
  Snapshot seen_;  ///< what known_ knows
  AdmissionMetrics metrics_;
  tcp::acceptor acceptor_;
  asio::steady_timer refresh_timer_;
  std::set<beast::tcp_stream*> connections_;
  std::uint64_t bodies_size_ = 0;
  std::uint16_t port_ = 0;
  bool is_stopped_ = false;
};

AdmissionServer::AdmissionServer(const boost::asio::any_io_executor& executor,
                                 AdmissionSettings settings, AdmissionCallbacks callbacks,
                                 AdmissionLimits limits)
    : state_(std::make_shared<State>(executor, std::move(settings), std::move(callbacks), limits)) {
}

AdmissionServer::~AdmissionServer() {
  stop();
}

std::optional<std::string> AdmissionServer::start() {
  return state_->start();
}

void AdmissionServer::refresh() {
  state_->refresh();
}

void AdmissionServer::stop() {
  state_->stop();
}

std::uint16_t AdmissionServer::port() const {
  return state_->port();
}

AdmissionMetrics AdmissionServer::metrics() const {
  return state_->metrics();
}

}  // namespace sluice::kubernetes
