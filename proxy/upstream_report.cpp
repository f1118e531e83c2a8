// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_report.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace sluice::proxy {
UpstreamReport::UpstreamReport(boost::asio::io_context& context, UpstreamHandler& handler,
                               UpstreamCounters& counters)
    : context_(context),
      handler_(handler),
      counters_(counters),
      self_(std::make_shared<UpstreamReport*>(this)) {}

void UpstreamReport::answer(std::uint64_t token, std::span<const std::uint8_t> message,
                            TimePoint::duration took) {
  last_failure_.reset();
  counters_.responses[rcode_slot(message)].add();
  counters_.duration.observe(took);
  handler_.on_answer(token, message);
}

void UpstreamReport::failure(std::uint64_t token, UpstreamFailure why) {
  if (why != UpstreamFailure::overloaded) last_failure_ = why;
  counters_.failures[static_cast<std::size_t>(why)].add();
  untold_.push_back({token, why});
  if (untold_.size() > 1) return;
  boost::asio::post(context_, [weak = std::weak_ptr(self_)] {
    UpstreamReport* self = nullptr;
    if (const auto alive = weak.lock()) self = *alive;
    if (self != nullptr) self->tell();
  });
}

void UpstreamReport::tell() {
  const std::vector<Failed> failed = std::exchange(untold_, {});
  const std::weak_ptr<UpstreamReport*> alive = self_;
  for (const Failed& each : failed) {
    handler_.on_failure(each.token, each.why);
    if (alive.expired()) return;  // the handler was done with this upstream
  }
}

}  // namespace sluice::proxy
