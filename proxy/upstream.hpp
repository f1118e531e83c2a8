// SPDX-License-Identifier: Apache-2.0
// A resolver that allowed queries go to, as the pipeline sees it: send a query, be told how it
// went. One Upstream belongs to one worker and lives on its thread; endpoints, connections, retries
// and verification are its own business.
#pragma once

#include <cstdint>
#include <span>

namespace sluice::proxy {

/// Why an upstream gave up on a query, after all retries.
enum class UpstreamFailure : std::uint8_t {
  unreachable,  ///< nothing could be connected to, or every connection broke: EDE 23
  timed_out,    ///< connected, but no answer came: EDE 22
  untrusted,    ///< no endpoint has a certificate that verifies: EDE 22, and no query was sent
  overloaded,   ///< too many queries under way already
};
inline constexpr std::size_t upstream_failure_count = 4;

/// Told how each query went. Called on the worker's thread, never from within Upstream::send().
class UpstreamHandler {
 public:
  virtual ~UpstreamHandler() = default;
  /// `message` answers the query that was sent under `token`: QR, opcode and question were checked
  /// (dns::is_answer_to), its ID is meaningless. Valid during the call only.
  virtual void on_answer(std::uint64_t token, std::span<const std::uint8_t> message) = 0;
  virtual void on_failure(std::uint64_t token, UpstreamFailure failure) = 0;
};

class Upstream {
 public:
  virtual ~Upstream() = default;
  /// Sends a complete query message; its ID is replaced by one of the upstream's own. Copies what
  /// it keeps. Exactly one call of the handler follows, later, for each token.
  virtual void send(std::uint64_t token, std::span<const std::uint8_t> query) = 0;
  /// Whether queries are encrypted on their way, and so are worth padding (RFC 8467 4.1).
  [[nodiscard]] virtual bool is_encrypted() const = 0;
  /// True while the last thing that happened was a failure: stale answers are then given at once.
  [[nodiscard]] virtual bool is_down() const = 0;
};

}  // namespace sluice::proxy
