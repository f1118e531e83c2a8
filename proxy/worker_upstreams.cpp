// SPDX-License-Identifier: Apache-2.0
#include "proxy/worker_upstreams.hpp"

#include <algorithm>
#include <utility>

#include "proxy/upstream_factory.hpp"

namespace sluice::proxy {

WorkerUpstreams::WorkerUpstreams(boost::asio::io_context& context, Pipeline& pipeline,
                                 WorkerCounters& counters, std::chrono::milliseconds retire_after)
    : context_(context),
      pipeline_(pipeline),
      counters_(counters),
      retire_after_(retire_after),
      unavailable_(context, pipeline),
      slots_(UpstreamRegistry::max_upstreams) {
  publish();
}

std::vector<std::string> WorkerUpstreams::set(const std::vector<NumberedUpstream>& wanted,
                                              TimePoint now) {
  std::vector<std::string> problems;
  for (std::size_t number = 0; number < slots_.size(); ++number) {
    Slot& slot = slots_[number];
    const auto found = std::find_if(wanted.begin(), wanted.end(), [&](const NumberedUpstream& one) {
      return one.number == number;
    });
    const bool is_same = found == wanted.end() ? !slot.settings : slot.settings == found->settings;
    if (is_same) continue;
    if (slot.upstream) retired_.push_back({now + retire_after_, std::move(slot.upstream)});
    slot = {};
    if (found != wanted.end()) replace(slot, *found, problems);
  }
  publish();
  return problems;
}

void WorkerUpstreams::replace(Slot& slot, const NumberedUpstream& wanted,
                              std::vector<std::string>& problems) {
  slot.settings = wanted.settings;
  auto made =
      make_upstream(context_, *slot.settings, pipeline_, counters_.upstreams.at(wanted.number));
  if (made) {
    slot.upstream = std::move(*made);
  } else {
    problems.push_back(made.error().text);
  }
}

void WorkerUpstreams::publish() {
  std::vector<Upstream*> upstreams;
  for (const Slot& slot : slots_)
    upstreams.push_back(slot.upstream ? slot.upstream.get() : &unavailable_);
  pipeline_.set_upstreams(std::move(upstreams));
}

void WorkerUpstreams::retire(TimePoint now) {
  std::erase_if(retired_, [now](const Retired& retired) { return retired.until < now; });
}

}  // namespace sluice::proxy
