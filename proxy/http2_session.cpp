// SPDX-License-Identifier: Apache-2.0
#include "proxy/http2_session.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <nghttp2/nghttp2.h>

#include "dns/freshness.hpp"

namespace sluice::proxy {

// The library's signatures have more parameters than ours may.
// NOLINTBEGIN(readability-function-size)
struct Http2Callbacks {
  static Http2Session& session_of(void* user) { return *static_cast<Http2Session*>(user); }
  static std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};  // NOLINT: octets as text
  }

  static int on_begin_frame(nghttp2_session* /*session*/, const nghttp2_frame_hd* head,
                            void* user) {
    session_of(user).count_frame(head->type, head->length);
    return 0;
  }
  static int on_begin_headers(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                              void* user) {
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) session_of(user).begin(frame->hd.stream_id);
    return 0;
  }
  static int on_header(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                       const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                       std::size_t value_size, std::uint8_t /*flags*/, void* user) {
    const bool is_taken = session_of(user).take_header(
        frame->hd.stream_id, text_of(name, name_size), text_of(value, value_size));
    return is_taken ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  static int on_data(nghttp2_session* /*session*/, std::uint8_t /*flags*/, std::int32_t stream,
                     const std::uint8_t* data, std::size_t size, void* user) {
    session_of(user).take_body(stream, {data, size});
    return 0;
  }
  static int on_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    const bool is_request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (is_request && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
      session_of(user).complete(frame->hd.stream_id);
    return 0;
  }
  static int on_frame_sent(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    const bool is_response = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (!is_response) return 0;
    session_of(user).gave_response_ = true;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
      session_of(user).end_request(frame->hd.stream_id);
    return 0;
  }
  static int on_close(nghttp2_session* /*session*/, std::int32_t stream, std::uint32_t /*error*/,
                      void* user) {
    session_of(user).finish(stream);
    return 0;
  }
  static ssize_t give_body(nghttp2_session* /*session*/, std::int32_t stream, std::uint8_t* buffer,
                           std::size_t size, std::uint32_t* flags, nghttp2_data_source* /*source*/,
                           void* user) {
    bool is_end = false;
    const std::size_t given = session_of(user).give_body(stream, {buffer, size}, is_end);
    if (is_end) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(given);
  }
};
// NOLINTEND(readability-function-size)

namespace {

/// What a frame costs that carries no body, and what an answer pays for: a client asks for it,
/// acknowledges, and widens its windows some times.
constexpr std::int64_t idle_frame_cost = 1;
constexpr std::int64_t reset_cost = 2;
constexpr std::int64_t answer_credit = 5;
/// Up to here fields are only counted, so that the client gets its 431; then the library resets the
/// stream and goes on unpacking alone. An octet may stand for 4 KiB that it would look through.
constexpr std::size_t max_counted_header_size = 2 * Http2Session::max_header_size;

nghttp2_session_callbacks* make_callbacks() {
  nghttp2_session_callbacks* made = nullptr;
  if (nghttp2_session_callbacks_new(&made) != 0) throw std::bad_alloc();
  nghttp2_session_callbacks_set_on_begin_frame_callback(made, Http2Callbacks::on_begin_frame);
  nghttp2_session_callbacks_set_on_begin_headers_callback(made, Http2Callbacks::on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(made, Http2Callbacks::on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, Http2Callbacks::on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made, Http2Callbacks::on_frame);
  nghttp2_session_callbacks_set_on_frame_send_callback(made, Http2Callbacks::on_frame_sent);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, Http2Callbacks::on_close);
  return made;
}

/// Made once, used by every thread, never changed.
const nghttp2_session_callbacks* callbacks() {
  static const nghttp2_session_callbacks* const made = make_callbacks();
  return made;
}

nghttp2_session* make_session(Http2Session* user) {
  nghttp2_session* session = nullptr;
  if (nghttp2_session_server_new(&session, callbacks(), user) != 0) throw std::bad_alloc();
  constexpr std::array<nghttp2_settings_entry, 2> settings{
      {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, Http2Session::max_streams},
       {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, Http2Session::max_header_size}}};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  return session;
}

/// Where a header field is kept; null for the others.
std::string* field_of(HttpRequest& request, std::string_view name) {
  if (name == ":method") return &request.method;
  if (name == ":path") return &request.target;
  return name == "content-type" ? &request.content_type : nullptr;
}

nghttp2_nv header(std::string_view name, std::string_view value) {
  // The library copies both; its type has no const.
  return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),   // NOLINT
          reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())),  // NOLINT
          name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

Http2Session::Http2Session(OnError on_error)
    : on_error_(std::move(on_error)), session_(make_session(this), &nghttp2_session_del) {}

Http2Session::~Http2Session() = default;

//--- from the client --------------------------------------------------------------------------

void Http2Session::receive(std::span<const std::uint8_t> octets) {
  const ssize_t used = nghttp2_session_mem_recv(session_.get(), octets.data(), octets.size());
  if (used >= 0) return;
  // What is wrong with frames the library answers itself; this is no HTTP/2, or too much of it.
  is_broken_ = true;
  const bool is_flood = used == NGHTTP2_ERR_FLOODED;
  is_flooded_ = is_flooded_ || is_flood;
  nghttp2_session_terminate_session(session_.get(),
                                    is_flood ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
}

/// Frames that ask for nothing, and requests that are taken back, cost the client nothing to send.
void Http2Session::count_frame(std::uint8_t type, std::size_t length) {
  if (type == NGHTTP2_DATA && length != 0) return;
  charge(type == NGHTTP2_RST_STREAM ? reset_cost : idle_frame_cost);
}

void Http2Session::charge(std::int64_t cost) {
  idle_frames_ += cost;
  if (idle_frames_ <= max_idle_frames || is_flooded_) return;
  is_flooded_ = true;
  nghttp2_session_terminate_session(session_.get(), NGHTTP2_ENHANCE_YOUR_CALM);
}

Http2Session::Exchange* Http2Session::find(std::int32_t stream) {
  const auto found = exchanges_.find(stream);
  return found == exchanges_.end() ? nullptr : &found->second;
}

/// False if the connection would hold too much.
bool Http2Session::hold(Exchange& exchange, std::size_t size) {
  if (held_ + size > max_held) return false;
  held_ += size;
  exchange.held += size;
  return true;
}

void Http2Session::release(Exchange& exchange) {
  held_ -= std::exchange(exchange.held, 0);
}

void Http2Session::begin(std::int32_t stream) {
  exchanges_.try_emplace(stream);
}

/// False when there are to be no more.
bool Http2Session::take_header(std::int32_t stream, std::string_view name, std::string_view value) {
  Exchange* exchange = find(stream);
  if (exchange == nullptr) return false;
  constexpr std::size_t overhead = 32;  // RFC 9113 6.5.2
  exchange->header_size += name.size() + value.size() + overhead;
  if (exchange->header_size > max_counted_header_size) {
    charge(reset_cost);
    return false;
  }
  std::string* kept = field_of(exchange->request, name);
  if (exchange->header_size > max_header_size || kept == nullptr) return true;
  if (hold(*exchange, value.size())) {
    *kept = value;
  } else {
    exchange->header_size = max_header_size + 1;  // refused when it is complete
  }
  return true;
}

/// A body that is too long is answered before its end: it may have none.
void Http2Session::take_body(std::int32_t stream, std::span<const std::uint8_t> octets) {
  Exchange* exchange = find(stream);
  if (exchange == nullptr || exchange->is_answered) return;
  auto& body = exchange->request.body;
  if (body.size() + octets.size() > max_http_body_size || !hold(*exchange, octets.size()))
    return refuse(stream, HttpError::content_too_large);
  body.insert(body.end(), octets.begin(), octets.end());
}

void Http2Session::complete(std::int32_t stream) {
  Exchange* exchange = find(stream);
  if (exchange == nullptr || exchange->is_complete) return;
  exchange->is_complete = true;
  if (exchange->is_answered || is_flooded_) return;
  if (exchange->header_size > max_header_size)
    return refuse(stream, HttpError::header_fields_too_large);
  complete_.push_back(stream);
}

std::optional<Http2Request> Http2Session::take_request() {
  while (!complete_.empty() && !is_flooded_) {
    const std::int32_t stream = complete_.front();
    complete_.pop_front();
    Exchange* exchange = find(stream);
    if (exchange == nullptr) continue;  // taken back
    release(*exchange);
    return Http2Request{stream, std::exchange(exchange->request, {})};
  }
  return std::nullopt;
}

void Http2Session::finish(std::int32_t stream) {
  const auto found = exchanges_.find(stream);
  if (found == exchanges_.end()) return;
  release(found->second);
  if (found->second.is_answered) --unfinished_responses_;
  exchanges_.erase(found);
}

//--- to the client ------------------------------------------------------------------------------

bool Http2Session::respond(std::int32_t stream, std::span<const std::uint8_t> message) {
  Exchange* exchange = find(stream);
  if (exchange == nullptr || exchange->is_answered) return false;
  if (!hold(*exchange, message.size())) {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_ENHANCE_YOUR_CALM);
    return false;
  }
  exchange->body.assign(message.begin(), message.end());
  submit(stream, *exchange, {.code = 200, .max_age = dns::freshness(message)});
  return true;
}

void Http2Session::refuse(std::int32_t stream, HttpError error) {
  Exchange* exchange = find(stream);
  if (exchange == nullptr || exchange->is_answered) return;
  on_error_(error);
  release(*exchange);
  if (error == HttpError::header_fields_too_large) charge(answer_credit + reset_cost);
  submit(stream, *exchange, {.code = http_error_codes.at(static_cast<std::size_t>(error))});
}

void Http2Session::submit(std::int32_t stream, Exchange& exchange, const Status& status) {
  exchange.is_answered = true;
  exchange.request = {};
  ++unfinished_responses_;
  idle_frames_ = std::max<std::int64_t>(0, idle_frames_ - answer_credit);
  const std::string code = std::to_string(status.code);
  const std::string length = std::to_string(exchange.body.size());
  std::vector headers{header(":status", code), header("content-length", length)};
  // Policy is the client's own: no cache that several clients share may keep what it says.
  const std::string cache = "private, max-age=" + std::to_string(status.max_age.value_or(0));
  if (status.max_age) {
    headers.push_back(header("content-type", dns_media_type));
    headers.push_back(header("cache-control", cache));
  }
  if (status.code == 405) headers.push_back(header("allow", "GET, POST"));
  nghttp2_data_provider body{};
  body.read_callback = Http2Callbacks::give_body;
  const bool has_body = !exchange.body.empty();
  nghttp2_submit_response(session_.get(), stream, headers.data(), headers.size(),
                          has_body ? &body : nullptr);
}

std::size_t Http2Session::give_body(std::int32_t stream, std::span<std::uint8_t> room,
                                    bool& is_end) {
  Exchange* exchange = find(stream);
  is_end = true;
  if (exchange == nullptr) return 0;
  const auto rest = std::span(exchange->body).subspan(exchange->sent);
  const auto piece = rest.first(std::min(rest.size(), room.size()));
  std::ranges::copy(piece, room.begin());
  exchange->sent += piece.size();
  is_end = exchange->sent == exchange->body.size();
  return piece.size();
}

/// The response is out; what a client still has to say of the request is not wanted (RFC 9113 8.1).
void Http2Session::end_request(std::int32_t stream) {
  const Exchange* exchange = find(stream);
  if (exchange == nullptr || exchange->is_complete) return;
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream, NGHTTP2_NO_ERROR);
}

void Http2Session::announce_end() {
  if (!std::exchange(is_announced_, true)) nghttp2_submit_shutdown_notice(session_.get());
}

void Http2Session::go_away() {
  nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_.get()), NGHTTP2_NO_ERROR,
                        nullptr, 0);
}

bool Http2Session::take_output(std::vector<std::uint8_t>& out) {
  gave_response_ = false;
  const std::uint8_t* data = nullptr;
  while (true) {
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &data);
    if (size <= 0) {
      is_broken_ = is_broken_ || size < 0;
      return gave_response_;
    }
    out.insert(out.end(), data, data + size);
  }
}

bool Http2Session::is_finished() const {
  return is_broken_ || is_flooded_ ||
         (nghttp2_session_want_read(session_.get()) == 0 &&
          nghttp2_session_want_write(session_.get()) == 0);
}

}  // namespace sluice::proxy
