// SPDX-License-Identifier: Apache-2.0
// The http and https URLs that lists are fetched from, taken apart as far as a client needs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::proxy {

struct ListUrl {
  bool is_https = false;
  std::string host;  ///< a name or an address, without brackets
  std::string port;
  std::string target;     ///< path and query; never empty
  std::string authority;  ///< host and port as they were written: the Host header

  /// Nothing for other schemes, for user names and passwords, and for characters that no URL has.
  static std::optional<ListUrl> from_text(std::string_view text);
  /// Where a redirection (RFC 9110 10.2.2) leads: another URL, or a path on the same server.
  [[nodiscard]] std::optional<ListUrl> follow(std::string_view location) const;
};

}  // namespace sluice::proxy
