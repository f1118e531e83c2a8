// SPDX-License-Identifier: Apache-2.0
// Queries that a tenant wants written down, on their way from a worker to the log. A worker only
// copies what is to be said into a ring and never waits: what does not fit is counted. Another
// thread writes the lines:
//
//   {"time":...,"level":"info","message":"query","tenant":"payments","namespace":"payments",
//    "pod":"checkout-7f","client":"10.0.1.7","name":"api.psp.example.","type":"A","action":"Allow",
//    "filter":"payments/checkout-egress","rule":"psp","auditedFilter":"","auditedRule":"",
//    "rcode":"NOERROR","source":"cache","transport":"udp","durationMicroseconds":41}
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <boost/lockfree/spsc_queue.hpp>

#include "dns/name.hpp"
#include "dns/types.hpp"
#include "filters/verdict.hpp"
#include "proxy/counters.hpp"

namespace sluice::proxy {

class PodRegistry;

/// Text in place, cut where it does not fit.
template <std::size_t Capacity>
class FixedText {
 public:
  FixedText() = default;
  void assign(std::string_view text) noexcept {
    size_ = static_cast<std::uint16_t>(std::min(text.size(), Capacity));
    std::copy_n(text.begin(), size_, text_.begin());
  }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, Capacity> text_;  // only what is used is ever copied or read
  std::uint16_t size_ = 0;
};

/// One query with what became of it.
struct QueryLogEntry {
  FixedText<63> tenant;
  FixedText<63> namespace_name;
  filters::Address client;
  dns::Name name;
  dns::Type type = dns::Type::a;
  filters::Action action = filters::Action::allow;
  FixedText<317> filter;  ///< that decided, `namespace/name`; empty: none
  FixedText<63> rule;
  FixedText<317> audited_filter;  ///< of the first rule on trial that matched
  FixedText<63> audited_rule;
  dns::Rcode rcode = dns::Rcode::noerror;
  AnswerSource source = AnswerSource::policy;
  Transport transport = Transport::udp;
  std::chrono::nanoseconds duration{0};
};

/// Of one worker. One thread puts entries in, one takes them out.
class QueryLog {
 public:
  /// Twenty thousand a second when taken out every 25 ms.
  static constexpr std::size_t capacity = 512;

  /// False when the ring is full; the entry is lost then.
  bool put(const QueryLogEntry& entry) { return ring_.push(entry); }
  /// Writes what has come in meanwhile to the log, with the pods that have the addresses now: the
  /// query path knows no pods, only what pods with the same filters have in common. `pods` may be
  /// null. Returns how many lines that were.
  std::size_t write_out(const PodRegistry* pods);

 private:
  boost::lockfree::spsc_queue<QueryLogEntry, boost::lockfree::capacity<capacity>> ring_;
};

}  // namespace sluice::proxy
