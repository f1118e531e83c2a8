// SPDX-License-Identifier: Apache-2.0
// When the webhook's certificate is renewed, and in which order, so that no API server ever meets
// one that it does not trust. All of the knowledge and none of the I/O, as Election: whoever drives
// it writes what plan() says, and tells what API servers were told.
//
//   no Secret, or none that would do  -> a certificate, and its authority beside those that are not
//                                        over
//   30 of 90 days left                -> another one, as `next`; its authority joins the others
//   API servers have had that         -> `next` is what replicas show; the old one stays trusted
//   authority for the overlap            until it is over, for replicas that have not seen it yet
//   an authority is over              -> left out
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "kubernetes/webhook_secret.hpp"

namespace sluice::kubernetes {

struct RotationSettings {
  std::string server_name;
  std::chrono::hours lifetime{90 * 24};
  std::chrono::hours renew_before{30 * 24};  ///< the end of what is shown
  /// API servers watch their configuration, and have a change of it within a second or so.
  std::chrono::seconds overlap{30};
};

class CertificateRotation {
 public:
  explicit CertificateRotation(RotationSettings settings) : settings_(std::move(settings)) {}

  /// At `now` API servers were told to trust `authorities`, and nothing else.
  void take_published(const std::string& authorities, WallTime now);

  /// What to write where `found` is there; nothing when it is as it should be.
  [[nodiscard]] std::optional<WebhookSecret> plan(const std::optional<WebhookSecret>& found,
                                                  WallTime now) const;

 private:
  [[nodiscard]] WebhookSecret replace(const WebhookSecret& found, WallTime now) const;
  [[nodiscard]] WebhookSecret prepare(const WebhookSecret& found, WallTime now) const;
  [[nodiscard]] std::optional<WallTime> good_until(const KeyPair& pair, const WebhookSecret& found,
                                                   WallTime now) const;
  [[nodiscard]] bool is_known(const std::string& authorities, WallTime now) const;

  RotationSettings settings_;
  std::string published_;
  WallTime published_since_;
};

}  // namespace sluice::kubernetes
