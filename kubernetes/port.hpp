// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::kubernetes {

/// The number of a port that can be connected to: 1 to 65535, in digits alone.
std::optional<std::uint16_t> parse_port(std::string_view text);

}  // namespace sluice::kubernetes
