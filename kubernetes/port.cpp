// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/port.hpp"

#include <charconv>

namespace sluice::kubernetes {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || stop != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace sluice::kubernetes
