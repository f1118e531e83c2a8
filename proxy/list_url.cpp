// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_url.hpp"

#include <algorithm>

namespace sluice::proxy {
namespace {

constexpr std::size_t max_url_size = 2048;

bool is_url_text(std::string_view text) {
  return text.size() <= max_url_size &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes host and port out of `url.authority`.
bool split_authority(ListUrl& url) {
  std::string_view host = url.authority;
  std::string_view port;
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon != host.npos && (bracket == host.npos || colon > bracket)) {
    port = host.substr(colon + 1);
    host = host.substr(0, colon);
    if (!is_port(port)) return false;
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find_first_of("[]@\\") != host.npos) return false;
  url.host = host;
  url.port = port.empty() ? (url.is_https ? "443" : "80") : port;
  return true;
}

}  // namespace

std::optional<ListUrl> ListUrl::from_text(std::string_view text) {
  if (!is_url_text(text)) return std::nullopt;
  ListUrl url;
  url.is_https = text.starts_with("https://");
  if (!url.is_https && !text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(url.is_https ? 8 : 7);
  text = text.substr(0, text.find('#'));
  const auto end = std::min(text.find_first_of("/?"), text.size());
  url.authority = text.substr(0, end);
  url.target = text.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  if (!split_authority(url)) return std::nullopt;
  return url;
}

std::optional<ListUrl> ListUrl::follow(std::string_view location) const {
  if (!location.starts_with('/') || location.starts_with("//")) return from_text(location);
  if (!is_url_text(location)) return std::nullopt;
  ListUrl url = *this;
  url.target = location.substr(0, location.find('#'));
  return url;
}

}  // namespace sluice::proxy
