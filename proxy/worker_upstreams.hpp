// SPDX-License-Identifier: Apache-2.0
// One worker's upstreams by number: made when policies bring them, made anew when their settings
// change, and kept for a while after that, because queries are under way.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/settings.hpp"
#include "proxy/clock.hpp"
#include "proxy/pipeline.hpp"
#include "proxy/unavailable_upstream.hpp"
#include "proxy/upstream_registry.hpp"

namespace sluice::proxy {

/// Belongs to one worker's thread.
class WorkerUpstreams {
 public:
  /// All outlive this. `retire_after` is longer than any query waits.
  WorkerUpstreams(boost::asio::io_context& context, Pipeline& pipeline, WorkerCounters& counters,
                  std::chrono::milliseconds retire_after);

  /// From the next query on; numbers that are not among them are unavailable. What is wrong, if
  /// anything: upstreams that cannot be made are unavailable too.
  std::vector<std::string> set(const std::vector<NumberedUpstream>& wanted, TimePoint now);
  /// Lets go of those that nobody can be waiting for any more.
  void retire(TimePoint now);

 private:
  struct Slot {
    std::optional<config::Upstream> settings;
    std::unique_ptr<Upstream> upstream;
  };
  struct Retired {
    TimePoint until;
    std::unique_ptr<Upstream> upstream;
  };
  void replace(Slot& slot, const NumberedUpstream& wanted, std::vector<std::string>& problems);
  void publish();

  boost::asio::io_context& context_;
  Pipeline& pipeline_;
  WorkerCounters& counters_;
  std::chrono::milliseconds retire_after_;
  UnavailableUpstream unavailable_;
  std::vector<Slot> slots_;
  std::vector<Retired> retired_;
};

}  // namespace sluice::proxy
