// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_connection.hpp"

#include <utility>

namespace sluice::proxy {

HttpConnection::HttpConnection(std::unique_ptr<Stream> stream, const Origin& origin,
                               StreamServices& services, std::string path)
    : ClientConnection(std::move(stream), origin, services),
      path_(std::move(path)),
      session_([this](std::int32_t number, HttpRequest& request) { handle(number, request); },
               [this](HttpError error) {
                 this->services().counters.http_errors[static_cast<std::size_t>(error)].add();
               }) {}

boost::asio::awaitable<void> HttpConnection::serve() {
  collect();  // our SETTINGS
  flush();
  while (!is_closed()) {
    const IoResult read = co_await receive(received_);
    if (read.status != IoStatus::done) co_return;
    take(std::span(received_).first(read.bytes));
    flush();
    if (session_.is_finished()) co_return close();
    co_await wait_for_room();
  }
}

void HttpConnection::take(std::span<const std::uint8_t> octets) {
  const bool was_flooded = session_.is_flooded();
  is_receiving_ = true;
  session_.receive(octets);
  is_receiving_ = false;
  collect();
  if (session_.is_flooded() && !was_flooded)
    services().counters.limited[static_cast<std::size_t>(LimitReason::http_frames)].add();
}

void HttpConnection::handle(std::int32_t number, HttpRequest& request) {
  const HttpQuery query = query_of(request, path_);
  if (query.error) return session_.refuse(number, *query.error);
  Origin asking = origin();
  asking.request = number;
  // What is no query gets no DNS message, and HTTP wants a response.
  if (!ask(query.message, asking, services().clock.now()))
    session_.refuse(number, HttpError::bad_request);
}

void HttpConnection::append(const Origin& origin, std::span<const std::uint8_t> message) {
  if (!session_.respond(origin.request, message))
    services().counters.dropped[static_cast<std::size_t>(DropReason::closed)].add();
  collect();
}

/// Not while requests are taken in: the library gives nothing then.
void HttpConnection::collect() {
  if (is_receiving_) return;
  if (session_.take_output(unsent())) mark_answer();
}

void HttpConnection::on_drain() {
  session_.go_away();
  collect();
}

}  // namespace sluice::proxy
