// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::kubernetes {

/// The octets of base64 as kubeconfig files have it (RFC 4648 4, with padding); nothing for
/// anything else. Whitespace is skipped, since people fold long lines.
std::optional<std::string> decode_base64(std::string_view text);

/// On one line, with padding.
std::string encode_base64(std::string_view octets);

}  // namespace sluice::kubernetes
