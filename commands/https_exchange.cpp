// SPDX-License-Identifier: Apache-2.0
#include "commands/https_exchange.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <nghttp2/nghttp2.h>

namespace sluice::commands {
namespace {

/// The path that RFC 8484 4.1.1 shows and that servers have.
constexpr const char* query_path = "/dns-query";
/// A DNS message is no larger.
constexpr std::size_t max_body_size = 65535;

struct SessionDeleter {
  void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
};
struct CallbacksDeleter {
  void operator()(nghttp2_session_callbacks* callbacks) const {
    nghttp2_session_callbacks_del(callbacks);
  }
};

/// One request and its response, filled by the library's callbacks.
struct Request {
  std::span<const std::uint8_t> unsent;
  std::string status;
  std::vector<std::uint8_t> body;
  bool is_closed = false;
};

// The library's signatures have more parameters than ours may.
// NOLINTBEGIN(readability-function-size)

int on_header(nghttp2_session* /*session*/, const nghttp2_frame* /*frame*/, const uint8_t* name,
              size_t name_size, const uint8_t* value, size_t value_size, uint8_t /*flags*/,
              void* request) {
  if (std::string_view(reinterpret_cast<const char*>(name), name_size) == ":status") {
    static_cast<Request*>(request)->status.assign(reinterpret_cast<const char*>(value), value_size);
  }
  return 0;
}

int on_data(nghttp2_session* /*session*/, uint8_t /*flags*/, int32_t /*stream*/,
            const uint8_t* data, size_t size, void* request) {
  auto& body = static_cast<Request*>(request)->body;
  if (body.size() + size > max_body_size) return NGHTTP2_ERR_CALLBACK_FAILURE;
  body.insert(body.end(), data, data + size);
  return 0;
}

int on_close(nghttp2_session* /*session*/, int32_t /*stream*/, uint32_t /*error*/, void* request) {
  static_cast<Request*>(request)->is_closed = true;
  return 0;
}

ssize_t give_body(nghttp2_session* /*session*/, int32_t /*stream*/, uint8_t* buffer, size_t size,
                  uint32_t* flags, nghttp2_data_source* /*source*/, void* user) {
  auto& unsent = static_cast<Request*>(user)->unsent;
  const auto piece = unsent.first(std::min(size, unsent.size()));
  std::ranges::copy(piece, buffer);
  unsent = unsent.subspan(piece.size());
  if (unsent.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(piece.size());
}

// NOLINTEND(readability-function-size)

using Session = std::unique_ptr<nghttp2_session, SessionDeleter>;

Session make_session(Request& request) {
  nghttp2_session_callbacks* made = nullptr;
  nghttp2_session_callbacks_new(&made);
  const std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter> callbacks(made);
  nghttp2_session_callbacks_set_on_header_callback(made, on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, on_close);
  nghttp2_session* session = nullptr;
  nghttp2_session_client_new(&session, made, &request);
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, nullptr, 0);
  return Session(session);
}

nghttp2_nv header(std::string_view name, std::string_view value) {
  // The library copies both; its type has no const.
  return {reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(),
          NGHTTP2_NV_FLAG_NONE};
}

void submit(nghttp2_session* session, const std::string& authority, std::size_t size) {
  const std::string length = std::to_string(size);
  const std::array headers{header(":method", "POST"),
                           header(":scheme", "https"),
                           header(":authority", authority),
                           header(":path", query_path),
                           header("accept", "application/dns-message"),
                           header("content-type", "application/dns-message"),
                           header("content-length", length)};
  nghttp2_data_provider body{};
  body.read_callback = give_body;
  nghttp2_submit_request(session, nullptr, headers.data(), headers.size(), &body, nullptr);
}

void send_pending(nghttp2_session* session, ByteStream& stream) {
  const uint8_t* data = nullptr;
  while (true) {
    const ssize_t size = nghttp2_session_mem_send(session, &data);
    if (size < 0) throw ExchangeFailure(nghttp2_strerror(static_cast<int>(size)));
    if (size == 0) return;
    stream.write({data, static_cast<std::size_t>(size)});
  }
}

void take_in(nghttp2_session* session, ByteStream& stream) {
  std::array<std::uint8_t, 16384> buffer{};
  const std::size_t size = stream.read(buffer);
  if (size == 0) throw ExchangeFailure("the server closed the connection");
  const ssize_t used = nghttp2_session_mem_recv(session, buffer.data(), size);
  if (used < 0) {
    throw ExchangeFailure(std::string("HTTP/2: ") + nghttp2_strerror(static_cast<int>(used)));
  }
}

}  // namespace

std::vector<std::uint8_t> exchange_https(ByteStream& stream, const std::string& authority,
                                         std::span<const std::uint8_t> query) {
  Request request{.unsent = query, .status = {}, .body = {}};
  const Session session = make_session(request);
  submit(session.get(), authority, query.size());
  send_pending(session.get(), stream);
  while (!request.is_closed) {
    take_in(session.get(), stream);
    send_pending(session.get(), stream);
  }
  if (request.status != "200") {
    throw ExchangeFailure("HTTP status " + (request.status.empty() ? "missing" : request.status) +
                          " for " + query_path);
  }
  return std::move(request.body);
}

}  // namespace sluice::commands
