// SPDX-License-Identifier: Apache-2.0
// HTTP/2 (RFC 9113) between octets and requests, by nghttp2, with bounds on everything that a
// client can make it hold or do. No sockets: a connection feeds it and sends what it gives.
//
//   streams open at once 100     header fields 16 KiB     body 65,535 octets
//   requests that are not whole, and answers that no window has let out, 256 KiB in all
//   frames that ask for nothing 1,000 more than answers pay for: then GOAWAY, ENHANCE_YOUR_CALM
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http_request.hpp"

struct nghttp2_session;

namespace sluice::proxy {

/// What is asked on a stream.
struct Http2Request {
  std::int32_t stream = 0;
  HttpRequest request;
};

/// Of one connection. What nghttp2 wants to allocate and cannot ends the process, as everywhere.
class Http2Session {
 public:
  static constexpr std::uint32_t max_streams = 100;
  static constexpr std::size_t max_header_size = 16 << 10;
  static constexpr std::int64_t max_idle_frames = 1000;
  static constexpr std::size_t max_held = 256 << 10;

  /// Called when a request is answered with an error.
  using OnError = std::function<void(HttpError error)>;

  explicit Http2Session(OnError on_error);
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;
  ~Http2Session();

  /// Takes in what the client has sent. Afterwards there may be requests and output.
  void receive(std::span<const std::uint8_t> octets);
  /// The next request that has come in whole. All are to be taken before more is received.
  std::optional<Http2Request> take_request();
  /// A DNS message as the response. False when the client has given the stream up, or takes so
  /// little of its answers that the stream is reset instead.
  bool respond(std::int32_t stream, std::span<const std::uint8_t> message);
  /// The response to what is no query. Counts it.
  void refuse(std::int32_t stream, HttpError error);
  /// Tells the client to open no more streams. Those that are under way are still taken: the first
  /// step of RFC 9113 6.8. Once is enough.
  void announce_end();
  /// Tells the client which streams were the last ones. No other is taken.
  void go_away();

  /// Appends the frames that may be sent now. Returns whether any is part of a response.
  bool take_output(std::vector<std::uint8_t>& out);
  /// Whether it is over, by the client's wish or by its fault: the connection is to be closed.
  [[nodiscard]] bool is_finished() const;
  /// Whether it is over because the client sent frames that ask for nothing.
  [[nodiscard]] bool is_flooded() const { return is_flooded_; }
  /// Responses that the client's window has not let out yet.
  [[nodiscard]] bool owes_answers() const { return unfinished_responses_ != 0; }
  /// Octets of requests that are not taken yet, and of answers on streams that are open.
  [[nodiscard]] std::size_t held() const { return held_; }

 private:
  friend struct Http2Callbacks;

  /// One stream of the client.
  struct Exchange {
    HttpRequest request;
    std::size_t header_size = 0;
    std::size_t held = 0;            ///< its part of held()
    std::vector<std::uint8_t> body;  ///< of the response
    std::size_t sent = 0;
    bool is_complete = false;  ///< the request
    bool is_answered = false;
  };
  struct Status {
    std::uint16_t code = 200;
    std::optional<std::uint32_t> max_age = std::nullopt;
  };

  void begin(std::int32_t stream);
  bool take_header(std::int32_t stream, std::string_view name, std::string_view value);
  void take_body(std::int32_t stream, std::span<const std::uint8_t> octets);
  void complete(std::int32_t stream);
  void count_frame(std::uint8_t type, std::size_t length);
  void charge(std::int64_t cost);
  bool hold(Exchange& exchange, std::size_t size);
  void release(Exchange& exchange);
  void finish(std::int32_t stream);
  void end_request(std::int32_t stream);
  std::size_t give_body(std::int32_t stream, std::span<std::uint8_t> room, bool& is_end);
  void submit(std::int32_t stream, Exchange& exchange, const Status& status);
  Exchange* find(std::int32_t stream);

  OnError on_error_;
  std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)> session_;
  std::map<std::int32_t, Exchange> exchanges_;
  std::deque<std::int32_t> complete_;  ///< streams of requests to be taken
  std::size_t held_ = 0;
  std::size_t unfinished_responses_ = 0;
  std::int64_t idle_frames_ = 0;
  bool is_announced_ = false;
  bool is_flooded_ = false;
  bool is_broken_ = false;
  bool gave_response_ = false;
};

}  // namespace sluice::proxy
