// SPDX-License-Identifier: Apache-2.0
#include "proxy/http_request.hpp"

#include <algorithm>
#include <utility>

namespace sluice::proxy {
namespace {

constexpr std::string_view parameter = "dns=";

/// -1 for what is no digit of base64url.
int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

/// The value of `dns`; nothing if it is not there exactly once.
std::optional<std::string_view> dns_parameter(std::string_view query) {
  std::optional<std::string_view> found;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), one.size() + 1));
    if (!one.starts_with(parameter)) continue;
    if (found) return std::nullopt;
    found = one.substr(parameter.size());
  }
  return found;
}

HttpQuery query_of_get(std::string_view query) {
  const auto text = dns_parameter(query);
  auto message = text ? decode_base64url(*text) : std::nullopt;
  if (!message || message->empty()) return {{}, HttpError::bad_request};
  if (message->size() > max_http_body_size) return {{}, HttpError::content_too_large};
  return {*std::move(message), {}};
}

/// Media types have no case, and may have parameters (RFC 9110 8.3.1).
bool is_dns(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t'))
    type.remove_suffix(1);
  return std::ranges::equal(type, dns_media_type, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

HttpQuery query_of_post(HttpRequest& request) {
  if (!is_dns(request.content_type)) return {{}, HttpError::unsupported_media_type};
  if (request.body.size() > max_http_body_size) return {{}, HttpError::content_too_large};
  if (request.body.empty()) return {{}, HttpError::bad_request};
  return {std::move(request.body), {}};
}

}  // namespace

HttpQuery query_of(HttpRequest& request, std::string_view path) {
  const std::string_view target = request.target;
  const std::string_view own_path = target.substr(0, target.find('?'));
  if (own_path != path) return {{}, HttpError::not_found};
  if (request.method == "GET")
    return query_of_get(target.substr(std::min(target.size(), own_path.size() + 1)));
  if (request.method == "POST") return query_of_post(request);
  return {{}, HttpError::method_not_allowed};
}

std::optional<std::vector<std::uint8_t>> decode_base64url(std::string_view text) {
  std::vector<std::uint8_t> octets;
  octets.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets.push_back(static_cast<std::uint8_t>(bits >> count));
    bits &= (1U << count) - 1;
  }
  // A digit alone is not an octet, and what is left of the last one must be zeros.
  if (count == 6 || bits != 0) return std::nullopt;
  return octets;
}

}  // namespace sluice::proxy
