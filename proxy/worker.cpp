// SPDX-License-Identifier: Apache-2.0
#include "proxy/worker.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "proxy/listener_socket.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;

/// How exactly deadlines are kept.
constexpr std::chrono::milliseconds tick_interval{100};
/// A kubelet tells a pod's address within a second of its start; resolvers wait for five.
constexpr std::chrono::milliseconds longest_hold{1500};

/// A coroutine of the worker that ends only with its socket.
template <typename Listener>
void spawn(asio::io_context& context, Listener& listener) {
  asio::co_spawn(
      context, [&listener] { return listener.run(); },
      [](const std::exception_ptr& exception) {
        if (exception) log::error("a listener failed unexpectedly");
      });
}

StreamListenerRole role_of(const config::Listener& listener, std::uint16_t number) {
  using config::ListenerProtocol;
  const bool is_http = listener.protocol == ListenerProtocol::https;
  const bool is_tls = listener.protocol == ListenerProtocol::tls;
  return {.number = number,
          .transport = is_http ? Transport::https : (is_tls ? Transport::tls : Transport::tcp),
          .http_path = is_http ? listener.path : std::string()};
}

}  // namespace

PipelineOptions pipeline_options(const config::Settings& settings, std::uint64_t hash_seed) {
  PipelineOptions options;
  options.response.max_udp_payload = static_cast<std::uint16_t>(settings.limits.max_udp_payload);
  options.response.keepalive =
      static_cast<std::uint16_t>(settings.limits.idle_timeout.count() / 100);
  options.ttl.max_ttl = static_cast<std::uint32_t>(settings.cache.max_ttl.count());
  options.ttl.max_negative_ttl =
      static_cast<std::uint32_t>(settings.cache.max_negative_ttl.count());
  options.query_timeout = settings.limits.query_timeout;
  if (settings.identity.unknown_client == config::UnknownClient::hold)
    options.hold_unknown = longest_hold;
  options.hash_seed = hash_seed;
  return options;
}

Worker::Worker(const config::Settings& settings, const WorkerShare& share)
    : settings_(settings),
      cache_({settings.cache.max_bytes / share.worker_count, settings.cache.serve_stale,
              share.hash_seed},
             counters_.cache),
      inflight_(settings.limits.max_in_flight),
      pipeline_(pipeline_options(settings, share.hash_seed),
                {cache_, inflight_, counters_, clock_, *this, share.rates, query_log_}),
      upstreams_(context_, pipeline_, counters_, 2 * settings.limits.query_timeout),
      services_{context_, pipeline_, counters_, settings.limits, clock_, share.certificates},
      connections_(services_),
      udp_listeners_(settings.listeners.size()),
      stream_listeners_(settings.listeners.size()),
      tick_timer_(context_) {}

Worker::~Worker() = default;

boost::system::result<std::uint16_t, std::string> Worker::listen(
    const config::Listener& listener, std::uint16_t number, std::optional<TlsServerContext> tls) {
  if (listener.protocol == config::ListenerProtocol::udp) {
    auto socket = open_udp_socket(context_, listener);
    if (!socket) return listen_error_text(listener, socket.error());
    const std::uint16_t port = socket->local_endpoint().port();
    udp_listeners_[number] =
        std::make_unique<UdpListener>(std::move(*socket), number, pipeline_, counters_);
    spawn(context_, *udp_listeners_[number]);
    return port;
  }
  auto acceptor = open_acceptor(context_, listener);
  if (!acceptor) return listen_error_text(listener, acceptor.error());
  const std::uint16_t port = acceptor->local_endpoint().port();
  stream_listeners_[number] = std::make_unique<StreamListener>(
      std::move(*acceptor), role_of(listener, number), std::move(tls), connections_);
  spawn(context_, *stream_listeners_[number]);
  return port;
}

std::vector<std::string> Worker::connect_upstreams(const std::vector<NumberedUpstream>& upstreams) {
  return upstreams_.set(upstreams, clock_.now());
}

void Worker::set_upstreams(const std::vector<NumberedUpstream>& upstreams) {
  asio::post(context_, [this, upstreams] {
    for (const std::string& problem : upstreams_.set(upstreams, clock_.now()))
      log::error("upstream cannot be used", {{"problem", problem}});
  });
}

void Worker::run() {
  schedule_tick();
  context_.run();
}

void Worker::set_clients(std::shared_ptr<const filters::ClientMap> clients,
                         std::function<void()> done) {
  asio::post(context_, [this, clients = std::move(clients), done = std::move(done)]() mutable {
    pipeline_.set_clients(std::move(clients));
    done();
  });
}

void Worker::set_tls(std::uint16_t listener, const TlsServerContext& tls) {
  asio::post(context_, [this, listener, tls] { stream_listeners_[listener]->set_tls(tls); });
}

void Worker::drain() {
  asio::post(context_, [this] { start_draining(); });
}

void Worker::reply(const Origin& origin, std::span<const std::uint8_t> message) {
  if (origin.transport == Transport::udp)
    return udp_listeners_[origin.listener]->reply(origin, message);
  connections_.reply(origin, message);
}

void Worker::schedule_tick() {
  tick_timer_.expires_after(tick_interval);
  tick_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Worker::tick() {
  const TimePoint now = clock_.now();
  if (pipeline_.has_waiting()) pipeline_.expire(now);
  connections_.check_idle(now);
  upstreams_.retire(now);
  if (drain_started_) continue_draining(now);
  if (!context_.stopped()) schedule_tick();
}

void Worker::start_draining() {
  if (drain_started_) return;
  drain_started_ = clock_.now();
  for (const auto& listener : stream_listeners_) {
    if (listener) listener->close();
  }
  connections_.drain();
}

/// Queries over UDP are answered as long as there are connections, for half of the time. Then they
/// go to other sockets of the port; and only a tick later, when what the kernel was about to
/// deliver has been delivered, this is over.
void Worker::continue_draining(TimePoint now) {
  const auto drained_for = now - *drain_started_;
  if (!diverted_) {
    if (connections_.empty() || 2 * drained_for >= settings_.drain_timeout) divert();
    return;
  }
  if (is_drained() || drained_for > settings_.drain_timeout) stop();
}

void Worker::divert() {
  diverted_ = true;
  for (const auto& listener : udp_listeners_) {
    if (listener) listener->divert();
  }
}

bool Worker::is_drained() const {
  const auto is_empty = [](const auto& listener) { return !listener || listener->is_empty(); };
  return !pipeline_.has_waiting() && connections_.empty() &&
         std::all_of(udp_listeners_.begin(), udp_listeners_.end(), is_empty);
}

void Worker::stop() {
  for (const auto& listener : udp_listeners_) {
    if (listener) listener->close();
  }
  connections_.close();
  context_.stop();
}

}  // namespace sluice::proxy
