// SPDX-License-Identifier: Apache-2.0
// The client's side of HTTP/2 without a socket: what it wants to send is taken from it, what has
// come is given to it. Frames that no honest client sends are made by hand.
//
//   Http2Client client;
//   const auto stream = client.post("/dns-query", make_query("www.example. A"));
//   socket.write(client.take_output());  ...  client.receive(octets);
//   CHECK(client.response(stream).status == "200");
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/test_message.hpp"

struct nghttp2_session;

namespace sluice::tests {

struct HttpResponse {
  std::string status{};
  std::map<std::string, std::string> headers{};
  Octets body{};
  bool is_whole = false;
  std::optional<std::uint32_t> reset{};  ///< the code, if the server has reset the stream
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

class Http2Client {
 public:
  /// `window` is what the server may send on a stream before the client has read.
  explicit Http2Client(std::uint32_t window = 65535);
  Http2Client(const Http2Client&) = delete;
  Http2Client& operator=(const Http2Client&) = delete;
  ~Http2Client();

  /// All return the stream's number.
  std::int32_t get(const std::string& target);
  std::int32_t post(const std::string& target, Octets body,
                    const std::string& content_type = "application/dns-message");
  /// With these header fields behind :scheme and :authority.
  std::int32_t request(const HttpHeaders& headers, std::optional<Octets> body = std::nullopt);
  void reset(std::int32_t stream);
  /// Lets the server send so much more on a stream.
  void widen(std::int32_t stream, std::int32_t by);

  /// What is to be sent now.
  Octets take_output();
  /// Throws std::runtime_error on what is no HTTP/2. The answers to frames that were made by hand
  /// may surprise the library: farewell_in() reads them instead.
  void receive(std::span<const std::uint8_t> octets);

  [[nodiscard]] const HttpResponse& response(std::int32_t stream) { return responses_[stream]; }
  /// The error code of the server's GOAWAY.
  [[nodiscard]] std::optional<std::uint32_t> farewell() const { return farewell_; }

 private:
  friend struct Http2ClientCallbacks;
  struct Body {
    Octets octets;
    std::size_t sent = 0;
  };

  std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)> session_;
  std::map<std::int32_t, HttpResponse> responses_;
  std::map<std::int32_t, Body> bodies_;
  std::optional<std::uint32_t> farewell_;
};

/// RFC 4648 5 without padding, as `?dns=` has it.
std::string base64url(std::span<const std::uint8_t> octets);

/// One frame as it goes over the wire (RFC 9113 4.1).
Octets http2_frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                   const Octets& payload = {});

/// The error code of a GOAWAY among whole frames.
std::optional<std::uint32_t> farewell_in(std::span<const std::uint8_t> frames);

}  // namespace sluice::tests
