// SPDX-License-Identifier: Apache-2.0
// What a DoH request asks (RFC 8484 4.1): the DNS message in `?dns=` of a GET, as base64url without
// padding, or in the body of a POST. Pure: no socket, no HTTP/2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/counters.hpp"

namespace sluice::proxy {

inline constexpr std::string_view dns_media_type = "application/dns-message";
/// A DNS message is no larger.
inline constexpr std::size_t max_http_body_size = 65535;

/// As it came; header fields that DNS has no use for are not kept.
struct HttpRequest {
  std::string method;
  std::string target;  ///< path and query
  std::string content_type;
  std::vector<std::uint8_t> body;
};

/// A DNS message, or why there is none.
struct HttpQuery {
  std::vector<std::uint8_t> message;
  std::optional<HttpError> error;
};

/// `path` is where DNS is served. Takes the body out of `request`.
HttpQuery query_of(HttpRequest& request, std::string_view path);

/// RFC 4648 5, without padding; nothing for anything else.
std::optional<std::vector<std::uint8_t>> decode_base64url(std::string_view text);

}  // namespace sluice::proxy
