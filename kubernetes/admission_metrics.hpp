// SPDX-License-Identifier: Apache-2.0
// What the admission webhook counts, for whoever exports it.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace sluice::kubernetes {

/// Labels of `sluice_admission_requests_total`; each is one of few.
struct AdmissionLabels {
  std::string kind;
  std::string operation;
  bool allowed = true;
  std::string reason;  ///< empty when allowed; BadRequest also for what is no review
  auto operator<=>(const AdmissionLabels&) const = default;
};

/// `sluice_admission_duration_seconds`, in the buckets of our other histograms: 0.25 ms x 2^n.
struct AdmissionDurations {
  static constexpr std::size_t bounded_buckets = 16;
  static constexpr std::chrono::nanoseconds first_bound = std::chrono::microseconds(250);

  void observe(std::chrono::nanoseconds duration) {
    std::size_t bucket = 0;
    for (auto bound = first_bound; bucket < bounded_buckets && duration > bound; bound *= 2)
      ++bucket;
    ++buckets[bucket];
    sum += duration;
  }

  std::array<std::uint64_t, bounded_buckets + 1> buckets{};  ///< not cumulative; the last is +Inf
  std::chrono::nanoseconds sum{};
};

struct AdmissionMetrics {
  std::map<AdmissionLabels, std::uint64_t> requests;
  AdmissionDurations durations;  ///< from a request's header to its answer
  /// `sluice_webhook_certificate_not_after_seconds`; the epoch while there is no certificate.
  std::chrono::system_clock::time_point certificate_not_after;
};

}  // namespace sluice::kubernetes
