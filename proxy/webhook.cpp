// SPDX-License-Identifier: Apache-2.0
#include "proxy/webhook.hpp"

#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kubernetes/detached.hpp"
#include "kubernetes/lease.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
using WallTime = std::chrono::system_clock::time_point;
using std::chrono::days;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// How often it is looked whether the certificate is another one.
constexpr std::chrono::seconds tell_interval{10};
/// Whoever renews certificates has done so by then.
constexpr days short_rest{14};

void tell(WallTime not_after, days rest) {
  const std::string time = kubernetes::whole_time(not_after);
  if (rest < short_rest)
    log::warn("the webhook's certificate expires soon",
              {{"notAfter", time}, {"days", rest.count()}});
  else
    log::info("the webhook's certificate", {{"notAfter", time}, {"days", rest.count()}});
}

}  // namespace

Webhook::Webhook(const asio::any_io_executor& executor, const config::Webhook& settings,
                 Surroundings surroundings)
    : timer_(executor) {
  if (settings.self_signed) {
    certificate_ = std::make_unique<WebhookCertificate>(
        executor, *settings.self_signed,
        WebhookCertificate::Surroundings{.credentials = surroundings.credentials,
                                         .is_leader = std::move(surroundings.is_leader),
                                         .on_change = [this] { server_->refresh(); }});
  }
  server_ = std::make_unique<kubernetes::AdmissionServer>(
      executor,
      kubernetes::AdmissionSettings{
          .address = settings.address,
          .port = settings.port,
          .certificate = certificate_ != nullptr
                             ? certificate_->source()
                             : kubernetes::certificate_files(settings.tls->certificate_file,
                                                             settings.tls->private_key_file)},
      kubernetes::AdmissionCallbacks{
          .sources = [this] { return snapshot_; },
          .on_problem = [](const std::string& problem) { log::warn(problem); }});
}

std::optional<std::string> Webhook::start() {
  auto problem = server_->start();
  if (problem) return problem;
  if (certificate_ != nullptr) certificate_->start();
  asio::co_spawn(timer_.get_executor(), tell_expiry(), kubernetes::rethrow);
  return std::nullopt;
}

void Webhook::stop() {
  stopped_ = true;
  timer_.cancel();
  if (certificate_ != nullptr) certificate_->stop();
  server_->stop();
}

void Webhook::begin() {
  if (certificate_ != nullptr) certificate_->begin();
}

void Webhook::use(kubernetes::Snapshot snapshot) {
  snapshot_ = std::move(snapshot);
}

std::optional<std::string> Webhook::unreadiness() const {
  if (metrics().certificate_not_after != WallTime()) return std::nullopt;
  return "the webhook has no certificate yet";
}

/// Whenever it is another one, and once a day.
asio::awaitable<void> Webhook::tell_expiry() {
  WallTime told_of;
  WallTime told_at;
  while (!stopped_) {
    const auto now = std::chrono::system_clock::now();
    const WallTime not_after = metrics().certificate_not_after;
    const bool is_new = not_after != told_of || now >= told_at + days(1);
    if (not_after != WallTime() && is_new) {
      tell(not_after, std::chrono::floor<days>(not_after - now));
      told_of = not_after;
      told_at = now;
    }
    timer_.expires_after(tell_interval);
    co_await timer_.async_wait(as_result);
  }
}

}  // namespace sluice::proxy
