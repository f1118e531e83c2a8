// SPDX-License-Identifier: Apache-2.0
// The admission webhook of a controller: the server, and where its certificate comes from. Every
// replica answers, leader or not.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/controller_settings.hpp"
#include "kubernetes/admission_server.hpp"
#include "proxy/webhook_certificate.hpp"

namespace sluice::proxy {

/// Lives on one executor, which runs no longer than it lives.
class Webhook {
 public:
  struct Surroundings {
    kubernetes::Credentials& credentials;
    std::function<bool()> is_leader;
  };

  /// All of `surroundings` must outlive this.
  Webhook(const boost::asio::any_io_executor& executor, const config::Webhook& settings,
          Surroundings surroundings);

  /// Binds, and begins once the executor runs. What is wrong with the address, or nothing.
  [[nodiscard]] std::optional<std::string> start();
  void stop();
  /// We lead: whatever has to be written about the certificate is our task now.
  void begin();
  /// Objects are as in `snapshot` now.
  void use(kubernetes::Snapshot snapshot);

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// Why nobody can ask yet, in one line; nothing when everybody can.
  [[nodiscard]] std::optional<std::string> unreadiness() const;
  [[nodiscard]] kubernetes::AdmissionMetrics metrics() const { return server_->metrics(); }

 private:
  boost::asio::awaitable<void> tell_expiry();

  kubernetes::Snapshot snapshot_;
  std::unique_ptr<WebhookCertificate> certificate_;  ///< null: others renew it
  std::unique_ptr<kubernetes::AdmissionServer> server_;
  boost::asio::steady_timer timer_;
  bool stopped_ = false;
};

}  // namespace sluice::proxy
