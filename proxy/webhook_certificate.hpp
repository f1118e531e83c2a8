// SPDX-License-Identifier: Apache-2.0
// Keeps the webhook's certificate in its Secret where the controllers make it themselves
// (kubernetes::CertificateRotation says what and when). Every replica reads the Secret and shows
// what is in it; the leader alone writes it, and tells API servers whom to trust.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/controller_settings.hpp"
#include "kubernetes/certificate_rotation.hpp"
#include "kubernetes/connection.hpp"
#include "kubernetes/serving_certificate.hpp"

namespace sluice::proxy {

/// Lives on one executor, which runs no longer than it lives.
class WebhookCertificate {
 public:
  struct Surroundings {
    kubernetes::Credentials& credentials;
    std::function<bool()> is_leader;
    std::function<void()> on_change;  ///< source() has another one
  };

  /// All of `surroundings` must outlive this.
  WebhookCertificate(const boost::asio::any_io_executor& executor, config::SelfSigned settings,
                     Surroundings surroundings);

  /// Once.
  void start();
  void stop();
  /// We lead: look at once.
  void begin();

  /// What is in the Secret, as this replica saw it last. Valid as long as this.
  [[nodiscard]] kubernetes::CertificateSource source();

 private:
  enum class Look : std::uint8_t { settled, unsettled, failed };

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> sleep(std::chrono::milliseconds duration);
  boost::asio::awaitable<Look> look();
  boost::asio::awaitable<Look> keep(const std::optional<kubernetes::WebhookSecret>& found);
  boost::asio::awaitable<bool> publish(const std::string& authorities);
  boost::asio::awaitable<bool> write(const kubernetes::WebhookSecret& planned);
  /// False, after telling, when the request failed.
  bool is_good(const std::string& what, const kubernetes::ApiResult<std::string>& answer);
  void show(const kubernetes::WebhookSecret& secret);

  config::SelfSigned settings_;
  kubernetes::SecretName secret_;
  Surroundings surroundings_;
  kubernetes::CertificateRotation rotation_;
  kubernetes::ApiConnection connection_;
  boost::asio::steady_timer timer_;
  kubernetes::Backoff backoff_;
  std::optional<kubernetes::KeyPair> shown_;
  unsigned failures_ = 0;  ///< in a row
  bool stopped_ = false;
};

}  // namespace sluice::proxy
