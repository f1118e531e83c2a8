// SPDX-License-Identifier: Apache-2.0
// How an upstream tells its handler what became of a query, and counts what it tells. Failures are
// told in a later turn of the event loop: never from within Upstream::send(), and never in the
// middle of a change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "proxy/clock.hpp"
#include "proxy/counters.hpp"
#include "proxy/upstream.hpp"

namespace sluice::proxy {

/// Owned by one upstream.
class UpstreamReport {
 public:
  UpstreamReport(boost::asio::io_context& context, UpstreamHandler& handler,
                 UpstreamCounters& counters);

  /// Tells the handler before it returns.
  void answer(std::uint64_t token, std::span<const std::uint8_t> message, TimePoint::duration took);
  void failure(std::uint64_t token, UpstreamFailure why);
  /// The failure that was the last thing that happened; being overloaded does not count.
  [[nodiscard]] std::optional<UpstreamFailure> last_failure() const { return last_failure_; }
  void forget_failure() { last_failure_.reset(); }

 private:
  struct Failed {
    std::uint64_t token;
    UpstreamFailure why;
  };
  void tell();

  boost::asio::io_context& context_;
  UpstreamHandler& handler_;
  UpstreamCounters& counters_;
  std::optional<UpstreamFailure> last_failure_;
  std::vector<Failed> untold_;
  std::shared_ptr<UpstreamReport*> self_;  ///< what is posted looks here whether *this still is
};

}  // namespace sluice::proxy
