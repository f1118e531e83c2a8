// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http2_client.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include <nghttp2/nghttp2.h>

namespace sluice::tests {

// The library's signatures have more parameters than ours may.
// NOLINTBEGIN(readability-function-size)
struct Http2ClientCallbacks {
  static Http2Client& client_of(void* user) { return *static_cast<Http2Client*>(user); }
  static std::string text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
  }

  static int on_header(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                       const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                       std::size_t value_size, std::uint8_t /*flags*/, void* user) {
    HttpResponse& response = client_of(user).responses_[frame->hd.stream_id];
    const std::string key = text_of(name, name_size);
    (key == ":status" ? response.status : response.headers[key]) = text_of(value, value_size);
    return 0;
  }
  static int on_data(nghttp2_session* /*session*/, std::uint8_t /*flags*/, std::int32_t stream,
                     const std::uint8_t* data, std::size_t size, void* user) {
    Octets& body = client_of(user).responses_[stream].body;
    body.insert(body.end(), data, data + size);
    return 0;
  }
  static int on_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    Http2Client& client = client_of(user);
    if (frame->hd.type == NGHTTP2_GOAWAY) client.farewell_ = frame->goaway.error_code;
    if (frame->hd.type == NGHTTP2_RST_STREAM)
      client.responses_[frame->hd.stream_id].reset = frame->rst_stream.error_code;
    const bool is_response = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (is_response && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
      client.responses_[frame->hd.stream_id].is_whole = true;
    return 0;
  }
  static ssize_t give_body(nghttp2_session* /*session*/, std::int32_t stream, std::uint8_t* buffer,
                           std::size_t size, std::uint32_t* flags, nghttp2_data_source* /*source*/,
                           void* user) {
    auto& [octets, sent] = client_of(user).bodies_[stream];
    const auto piece = std::span(octets).subspan(sent, std::min(size, octets.size() - sent));
    std::ranges::copy(piece, buffer);
    sent += piece.size();
    if (sent == octets.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(piece.size());
  }
};
// NOLINTEND(readability-function-size)

namespace {

nghttp2_session* make_session(Http2Client* client, std::uint32_t window) {
  nghttp2_session_callbacks* made = nullptr;
  nghttp2_session_callbacks_new(&made);
  const std::unique_ptr<nghttp2_session_callbacks, void (*)(nghttp2_session_callbacks*)> callbacks(
      made, &nghttp2_session_callbacks_del);
  nghttp2_session_callbacks_set_on_header_callback(made, Http2ClientCallbacks::on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, Http2ClientCallbacks::on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made, Http2ClientCallbacks::on_frame);
  nghttp2_session* session = nullptr;
  if (nghttp2_session_client_new(&session, made, client) != 0) throw std::bad_alloc();
  const std::array<nghttp2_settings_entry, 1> settings{
      {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window}}};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  return session;
}

nghttp2_nv header(const std::string& name, const std::string& value) {
  return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
          value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

Http2Client::Http2Client(std::uint32_t window)
    : session_(make_session(this, window), &nghttp2_session_del) {}

Http2Client::~Http2Client() = default;

std::int32_t Http2Client::get(const std::string& target) {
  return request({{":method", "GET"}, {":path", target}, {"accept", "application/dns-message"}});
}

std::int32_t Http2Client::post(const std::string& target, Octets body,
                               const std::string& content_type) {
  return request({{":method", "POST"}, {":path", target}, {"content-type", content_type}},
                 std::move(body));
}

std::int32_t Http2Client::request(const HttpHeaders& headers, std::optional<Octets> body) {
  const HttpHeaders common{{":scheme", "https"}, {":authority", "sluice.test"}};
  std::vector<nghttp2_nv> all;
  // Names with a colon come before those without (RFC 9113 8.3).
  for (const auto& [name, value] : common)
    all.push_back(header(name, value));
  for (const auto& [name, value] : headers)
    all.push_back(header(name, value));
  nghttp2_data_provider provider{};
  provider.read_callback = Http2ClientCallbacks::give_body;
  const std::int32_t stream = nghttp2_submit_request(
      session_.get(), nullptr, all.data(), all.size(), body ? &provider : nullptr, nullptr);
  if (stream < 0) throw std::runtime_error(nghttp2_strerror(stream));
  if (body) bodies_[stream].octets = std::move(*body);
  return stream;
}

void Http2Client::reset(std::int32_t stream) {
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
}

void Http2Client::widen(std::int32_t stream, std::int32_t by) {
  nghttp2_submit_window_update(session_.get(), NGHTTP2_FLAG_NONE, stream, by);
}

Octets Http2Client::take_output() {
  Octets output;
  const std::uint8_t* data = nullptr;
  ssize_t size = 0;
  while ((size = nghttp2_session_mem_send(session_.get(), &data)) > 0)
    output.insert(output.end(), data, data + size);
  return output;
}

void Http2Client::receive(std::span<const std::uint8_t> octets) {
  const ssize_t used = nghttp2_session_mem_recv(session_.get(), octets.data(), octets.size());
  if (used < 0) throw std::runtime_error(nghttp2_strerror(static_cast<int>(used)));
}

std::optional<std::uint32_t> farewell_in(std::span<const std::uint8_t> frames) {
  constexpr std::size_t head = 9;
  while (frames.size() >= head) {
    const std::size_t size = static_cast<std::size_t>(frames[0]) << 16 |
                             static_cast<std::size_t>(frames[1]) << 8 | frames[2];
    const auto payload = frames.subspan(head).first(std::min(size, frames.size() - head));
    if (frames[3] == NGHTTP2_GOAWAY && payload.size() >= 8)
      return static_cast<std::uint32_t>(payload[4]) << 24 |
             static_cast<std::uint32_t>(payload[5]) << 16 |
             static_cast<std::uint32_t>(payload[6]) << 8 | payload[7];
    frames = frames.subspan(head + payload.size());
  }
  return std::nullopt;
}

std::string base64url(std::span<const std::uint8_t> octets) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t octet : octets) {
    bits = bits << 8U | octet;
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += digits[bits >> count & 63U];
    }
  }
  if (count != 0) text += digits[bits << (6U - count) & 63U];
  return text;
}

Octets http2_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                   const Octets& payload) {
  const auto octet = [](std::size_t value, unsigned shift) {
    return static_cast<std::uint8_t>(value >> shift);
  };
  Octets frame{octet(payload.size(), 16),
               octet(payload.size(), 8),
               octet(payload.size(), 0),
               type,
               flags,
               octet(stream, 24),
               octet(stream, 16),
               octet(stream, 8),
               octet(stream, 0)};
  frame.insert(frame.end(), payload.begin(), payload.end());
  return frame;
}

}  // namespace sluice::tests
