// SPDX-License-Identifier: Apache-2.0
// Text from anywhere made fit for a log line or a metric label.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::proxy::log {

/// Valid UTF-8 of at most `max_size` octets without control characters. Octets that cannot stay
/// (C0, DEL, C1, whatever is not UTF-8) become \DDD, the notation of RFC 4343 2.1; text that is too
/// long ends in "...". A terminal that shows it cannot be made to do anything.
std::string escape(std::string_view text, std::size_t max_size);

}  // namespace sluice::proxy::log
