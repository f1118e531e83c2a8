// SPDX-License-Identifier: Apache-2.0
// Quantities with units as people write them. A duration always has a unit: nobody can tell whether
// a bare `10` means seconds or milliseconds, and software differs.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::config {

/// `500ms`, `10s`, `5m`, `1h30m`: the Gateway API's form (GEP-2257), one to four whole numbers of
/// up to five digits, each with its unit.
std::optional<std::chrono::milliseconds> try_duration(std::string_view text);

/// Octets: `1048576`, `10M`, `64Mi`; Kubernetes' suffixes k, M, G, T (powers of 1000) and Ki, Mi,
/// Gi, Ti (powers of 1024).
std::optional<std::uint64_t> try_byte_size(std::string_view text);

/// The shortest form that try_duration reads back: `1h30m`, `0s`.
std::string format_duration(std::chrono::milliseconds duration);

/// With the largest binary suffix that divides it: `64Mi`, `1000`.
std::string format_byte_size(std::uint64_t octets);

}  // namespace sluice::config
