// SPDX-License-Identifier: Apache-2.0
#include "proxy/node_reporter.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kubernetes/detached.hpp"
#include "kubernetes/reflector.hpp"
#include "proxy/api_server.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
constexpr std::uint64_t max_doublings = 10;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

}  // namespace

NodeReporter::NodeReporter(const asio::any_io_executor& executor,
                           kubernetes::Credentials& credentials, Settings settings,
                           ProcessStatus& status)
    : settings_(std::move(settings)),
      status_(status),
      connection_(executor, credentials, api_connection("node-agent")),
      timer_(executor),
      random_(kubernetes::make_random()) {}

NodeReporter::~NodeReporter() {
  connection_.close();
}

void NodeReporter::start() {
  asio::co_spawn(timer_.get_executor(), run(), kubernetes::rethrow);
}

milliseconds NodeReporter::spread(milliseconds duration) const {
  return std::chrono::duration_cast<milliseconds>(duration * random_());
}

void NodeReporter::report(kubernetes::NodeReport report) {
  wanted_ = std::move(report);
  if (wanted_ == written_) return;
  due_ = std::min(due_, std::max(Clock::now(), not_before_) + spread(settings_.interval));
  timer_.cancel();
}

asio::awaitable<void> NodeReporter::run() {
  for (;;) {
    timer_.expires_at(due_);
    (void)co_await timer_.async_wait(as_result);
    if (wanted_ && Clock::now() >= due_) co_await write();
  }
}

asio::awaitable<void> NodeReporter::write() {
  const kubernetes::NodeReport report = *wanted_;
  const auto now = Clock::now();
  not_before_ = now + settings_.interval;
  due_ = now + kubernetes::report_renewal - spread(kubernetes::report_renewal / 4);
  const kubernetes::ApiRequest request{
      .method = "PATCH",
      .target = kubernetes::report_target(settings_.identity),
      .content_type = "application/apply-patch+yaml",
      .body =
          kubernetes::report_body(settings_.identity, report, std::chrono::system_clock::now())};
  const auto answer = co_await connection_.exchange(request);
  status_.node_reported(answer ? ReportResult::written : ReportResult::failed);
  if (answer) {
    failures_ = 0;
    written_ = report;
    if (wanted_ != written_) due_ = std::min(due_, not_before_ + spread(settings_.interval));
    co_return;
  }
  // Nothing waits for it, and whoever may not write should not ask again and again.
  const auto pause = settings_.interval * (1U << std::min<std::uint64_t>(failures_, max_doublings));
  due_ = std::min(due_, not_before_ + pause + spread(settings_.interval));
  if (std::has_single_bit(++failures_))
    log::warn("this node cannot say what it serves",
              {{"node", settings_.identity.node},
               {"namespace", settings_.identity.namespace_name},
               {"failures", failures_},
               {"problem", answer.error().text}});
}

}  // namespace sluice::proxy
