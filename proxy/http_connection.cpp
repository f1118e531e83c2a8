// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_connection.hpp"

#include <utility>

namespace sluice::proxy {

HttpConnection::HttpConnection(std::unique_ptr<Stream> stream, const Origin& origin,
                               StreamServices& services, std::string path)
    : ClientConnection(std::move(stream), origin, services),
      path_(std::move(path)),
      session_([this](HttpError error) {
        this->services().counters.http_errors[static_cast<std::size_t>(error)].add();
      }) {}

/// One that is drained was told so, and goes by itself or falls silent.
boost::asio::awaitable<void> HttpConnection::serve() {
  collect();  // our SETTINGS
  flush();
  while (!is_closed()) {
    const IoResult read = co_await read_some(stream(), received_);
    if (read.status != IoStatus::done) co_return;
    take(std::span(received_).first(read.bytes));
    while (auto asked = session_.take_request()) {
      handle(*asked);
      if (has_room()) continue;
      co_await wait_for_room();
      if (is_closed()) co_return;
    }
    flush();
    if (session_.is_flooded()) co_return close();
    if (session_.is_finished()) co_return;
    co_await wait_for_room();
  }
}

void HttpConnection::take(std::span<const std::uint8_t> octets) {
  session_.receive(octets);
  collect();
  if (session_.is_flooded())
    services().counters.limited[static_cast<std::size_t>(LimitReason::http_frames)].add();
}

void HttpConnection::handle(Http2Request& asked) {
  const HttpQuery query = query_of(asked.request, path_);
  Origin asking = origin();
  asking.request = asked.stream;
  if (query.error) {
    session_.refuse(asked.stream, *query.error);
  } else if (!ask(query.message, asking, services().clock.now())) {
    // What is no query gets no DNS message, and HTTP wants a response.
    session_.refuse(asked.stream, HttpError::bad_request);
  }
  if (is_draining()) session_.announce_end();  // not told yet if it came at the last moment
  collect();
}

void HttpConnection::append(const Origin& origin, std::span<const std::uint8_t> message) {
  if (!session_.respond(origin.request, message))
    services().counters.dropped[static_cast<std::size_t>(DropReason::closed)].add();
  collect();
}

void HttpConnection::collect() {
  if (session_.take_output(unsent())) mark_answer();
}

void HttpConnection::on_drain() {
  session_.announce_end();
  collect();
}

void HttpConnection::on_end() {
  session_.go_away();
  collect();
}

}  // namespace sluice::proxy
