// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream_listener.hpp"

#include <algorithm>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "proxy/http_connection.hpp"
#include "proxy/log.hpp"
#include "proxy/stream_connection.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;

/// When descriptors run out, accepting at once again would only burn the processor.
constexpr std::chrono::milliseconds pause_after_error{100};

filters::Address address_of(const asio::ip::address& address) {
  if (address.is_v4()) return filters::Address::v4(address.to_v4().to_bytes());
  return filters::Address::v6(address.to_v6().to_bytes());
}

}  // namespace

void StreamConnections::add(std::unique_ptr<Stream> stream, Origin origin) {
  take(std::move(stream), origin, [this](std::unique_ptr<Stream> taken, const Origin& numbered) {
    return std::make_shared<StreamConnection>(std::move(taken), numbered, services_);
  });
}

void StreamConnections::add_http(std::unique_ptr<Stream> stream, Origin origin,
                                 const std::string& path) {
  take(std::move(stream), origin, [&](std::unique_ptr<Stream> taken, const Origin& numbered) {
    return std::make_shared<HttpConnection>(std::move(taken), numbered, services_, path);
  });
}

template <typename Make>
void StreamConnections::take(std::unique_ptr<Stream> stream, Origin origin, Make&& make) {
  if (!admit(origin)) return stream->close();
  origin.connection = ++last_number_;
  const auto transport = static_cast<std::size_t>(origin.transport);
  services_.counters.accepted_connections[transport].add();
  Gauge& open = services_.counters.connections[transport];
  open.set(open.value() + 1);
  ++per_client_[origin.address];
  std::shared_ptr<ClientConnection> connection = make(std::move(stream), origin);
  connections_.emplace(origin.connection, connection);
  asio::co_spawn(
      services_.context, [connection] { return connection->run(); },
      [this, number = origin.connection](const std::exception_ptr& exception) {
        if (exception) log::error("serving a client failed unexpectedly");
        remove(number);
      });
}

bool StreamConnections::admit(const Origin& origin) {
  const auto found = per_client_.find(origin.address);
  if (found != per_client_.end() && found->second >= services_.limits.max_connections_per_client) {
    limit(LimitReason::connections_per_client);
    return false;
  }
  if (connections_.size() < services_.limits.max_connections) return true;
  limit(LimitReason::connections);
  return close_longest_idle();
}

bool StreamConnections::close_longest_idle() {
  ClientConnection* oldest = nullptr;
  for (const auto& [number, connection] : connections_) {
    if (!connection->is_idle()) continue;
    if (oldest == nullptr || connection->last_progress() < oldest->last_progress()) {
      oldest = connection.get();
    }
  }
  if (oldest == nullptr) return false;
  oldest->close();
  return true;
}

void StreamConnections::remove(std::uint64_t number) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  const Origin& origin = found->second->origin();
  Gauge& open = services_.counters.connections[static_cast<std::size_t>(origin.transport)];
  open.set(open.value() - 1);
  const auto client = per_client_.find(origin.address);
  if (--client->second == 0) per_client_.erase(client);
  connections_.erase(found);
}

void StreamConnections::limit(LimitReason reason) {
  services_.counters.limited[static_cast<std::size_t>(reason)].add();
}

void StreamConnections::reply(const Origin& origin, std::span<const std::uint8_t> message) {
  const auto found = connections_.find(origin.connection);
  if (found != connections_.end()) return found->second->reply(origin, message);
  services_.counters.dropped[static_cast<std::size_t>(DropReason::closed)].add();
}

void StreamConnections::check_idle(TimePoint now) {
  for (const auto& [number, connection] : connections_)
    connection->check_idle(now);
}

void StreamConnections::drain() {
  for (const auto& [number, connection] : connections_)
    connection->drain();
}

void StreamConnections::close() {
  for (const auto& [number, connection] : connections_)
    connection->close();
}

StreamListener::StreamListener(asio::ip::tcp::acceptor acceptor, StreamListenerRole role,
                               std::optional<TlsServerContext> tls, StreamConnections& connections)
    : acceptor_(std::move(acceptor)),
      role_(std::move(role)),
      tls_(std::move(tls)),
      connections_(connections) {}

asio::awaitable<void> StreamListener::run() {
  asio::steady_timer pause(acceptor_.get_executor());
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
    if (!error) {
      take(std::move(socket));
    } else if (error != asio::error::operation_aborted &&
               error != asio::error::connection_aborted) {
      pause.expires_after(pause_after_error);
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }
}

void StreamListener::take(asio::ip::tcp::socket socket) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;  // gone already
  Origin origin;
  origin.address = address_of(peer.address());
  origin.port = peer.port();
  origin.listener = role_.number;
  origin.transport = role_.transport;
  auto stream = tls_ ? make_tls_stream(std::move(socket), tls_->make_session())
                     : make_tcp_stream(std::move(socket));
  if (role_.transport == Transport::https) {
    connections_.add_http(std::move(stream), origin, role_.http_path);
  } else {
    connections_.add(std::move(stream), origin);
  }
}

void StreamListener::close() {
  boost::system::error_code error;
  while (acceptor_.is_open()) {
    auto socket = acceptor_.accept(error);
    if (error) break;
    take(std::move(socket));
  }
  acceptor_.close(error);
}

}  // namespace sluice::proxy
