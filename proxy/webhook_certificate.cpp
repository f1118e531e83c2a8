// SPDX-License-Identifier: Apache-2.0
#include "proxy/webhook_certificate.hpp"

#include <bit>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "kubernetes/detached.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/reflector.hpp"
#include "kubernetes/webhook_configuration.hpp"
#include "proxy/api_server.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using WallClock = std::chrono::system_clock;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Two small requests: a replica shows a renewed certificate this much later than another, and a
/// configuration that somebody has applied anew is right again after it.
constexpr milliseconds look_interval{10'000};
/// While there is no certificate yet, or a change is under way.
constexpr milliseconds look_soon{1000};

bool is_missing(const kubernetes::ApiResult<std::string>& answer) {
  return !answer && is_status(answer.error(), 404);
}

}  // namespace

WebhookCertificate::WebhookCertificate(const asio::any_io_executor& executor,
                                       config::SelfSigned settings, Surroundings surroundings)
    : settings_(std::move(settings)),
      secret_{settings_.namespace_name, settings_.secret_name},
      surroundings_(std::move(surroundings)),
      rotation_({.server_name = settings_.server_name}),
      connection_(executor, surroundings_.credentials, api_connection("controller")),
      timer_(executor),
      backoff_({}, kubernetes::make_random()) {}

void WebhookCertificate::start() {
  asio::co_spawn(timer_.get_executor(), run(), kubernetes::rethrow);
}

void WebhookCertificate::stop() {
  stopped_ = true;
  connection_.close();
  timer_.cancel();
}

void WebhookCertificate::begin() {
  timer_.cancel();
}

kubernetes::CertificateSource WebhookCertificate::source() {
  const std::string name = "Secret " + secret_.namespace_name + '/' + secret_.name;
  return {name + " tls.crt", name + " tls.key",
          [this]() -> std::optional<kubernetes::CertificatePem> {
            if (!shown_) return std::nullopt;
            return kubernetes::CertificatePem{shown_->certificate, shown_->private_key};
          }};
}

asio::awaitable<void> WebhookCertificate::run() {
  while (!stopped_) {
    const Look outcome = co_await look();
    milliseconds pause = outcome == Look::settled ? look_interval : look_soon;
    if (outcome == Look::failed) pause = backoff_.next(std::chrono::steady_clock::now());
    if (outcome != Look::failed) failures_ = 0;
    co_await sleep(pause);
  }
}

asio::awaitable<void> WebhookCertificate::sleep(milliseconds duration) {
  if (stopped_) co_return;
  timer_.expires_after(duration);
  (void)co_await timer_.async_wait(as_result);
}

asio::awaitable<WebhookCertificate::Look> WebhookCertificate::look() {
  const kubernetes::ApiRequest request{.target = kubernetes::secret_target(secret_)};
  const auto answer = co_await connection_.exchange(request);
  if (stopped_) co_return Look::settled;
  std::optional<kubernetes::WebhookSecret> found;
  if (!is_missing(answer)) {
    if (!is_good("read the webhook's Secret", answer)) co_return Look::failed;
    const auto object = kubernetes::parse_object(*answer);
    if (object) found = kubernetes::read_webhook_secret(*object);
  }
  if (found) show(*found);
  if (surroundings_.is_leader()) co_return co_await keep(found);
  co_return found ? Look::settled : Look::unsettled;
}

/// The configuration first: whom it trusts decides what may be shown.
asio::awaitable<WebhookCertificate::Look> WebhookCertificate::keep(
    const std::optional<kubernetes::WebhookSecret>& found) {
  bool is_published = true;
  if (found) is_published = co_await publish(found->authorities);
  if (stopped_ || !surroundings_.is_leader()) co_return Look::unsettled;
  const auto planned = rotation_.plan(found, WallClock::now());
  if (planned) {
    const bool is_written = co_await write(*planned);
    co_return is_written ? Look::unsettled : Look::failed;
  }
  if (!is_published) co_return Look::failed;
  co_return found->next ? Look::unsettled : Look::settled;
}

/// Whether the configuration says so now.
asio::awaitable<bool> WebhookCertificate::publish(const std::string& authorities) {
  const std::string target = kubernetes::webhook_configuration_target(settings_.configuration_name);
  const kubernetes::ApiRequest request{.target = target};
  const auto answer = co_await connection_.exchange(request);
  if (stopped_ || !is_good("read the webhook's configuration", answer)) co_return false;
  const auto configuration = kubernetes::parse_object(*answer);
  if (!configuration) co_return false;
  const auto patch = kubernetes::trust_patch(*configuration, authorities);
  if (patch) {
    const kubernetes::ApiRequest change{.method = "PATCH",
                                        .target = target,
                                        .content_type = "application/strategic-merge-patch+json",
                                        .body = *patch};
    const auto changed = co_await connection_.exchange(change);
    if (stopped_ || !is_good("change the webhook's configuration", changed)) co_return false;
    log::info("API servers are told whom to trust",
              {{"configuration", settings_.configuration_name}});
  }
  rotation_.take_published(authorities, WallClock::now());
  co_return true;
}

/// That somebody else has changed it meanwhile (409) is a failure like others: it is read again.
asio::awaitable<bool> WebhookCertificate::write(const kubernetes::WebhookSecret& planned) {
  const bool is_update = !planned.resource_version.empty();
  const kubernetes::ApiRequest request{.method = is_update ? "PUT" : "POST",
                                       .target = is_update ? kubernetes::secret_target(secret_)
                                                           : kubernetes::secrets_target(secret_),
                                       .content_type = "application/json",
                                       .body = kubernetes::webhook_secret_body(secret_, planned)};
  const auto answer = co_await connection_.exchange(request);
  if (stopped_ || !is_good("write the webhook's Secret", answer)) co_return false;
  log::info("the webhook's certificate is renewed",
            {{"secret", secret_.name}, {"step", planned.next ? "prepared" : "in use"}});
  show(planned);
  co_return true;
}

bool WebhookCertificate::is_good(const std::string& what,
                                 const kubernetes::ApiResult<std::string>& answer) {
  if (answer) return true;
  if (std::has_single_bit(++failures_))
    log::warn("cannot " + what, {{"failures", failures_}, {"problem", answer.error().text}});
  return false;
}

void WebhookCertificate::show(const kubernetes::WebhookSecret& secret) {
  if (secret.serving.certificate.empty() || shown_ == secret.serving) return;
  shown_ = secret.serving;
  surroundings_.on_change();
}

}  // namespace sluice::proxy
