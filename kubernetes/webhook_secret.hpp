// SPDX-License-Identifier: Apache-2.0
// The Secret that holds the webhook's certificate where the controllers make it themselves. Its
// type is kubernetes.io/tls, with three keys more than that needs:
//
//   tls.crt, tls.key     what all replicas show
//   ca.crt               whom API servers are to trust: the authority of it, of the next, and of
//                        the one before as long as that is not over
//   next.crt, next.key   during a rotation: shown once API servers know its authority
//
// What is in it is never logged.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "kubernetes/issued_certificate.hpp"

namespace sluice::kubernetes {

struct SecretName {
  std::string namespace_name;
  std::string name;
};

struct WebhookSecret {
  std::string authorities;  ///< PEM, the newest first
  KeyPair serving;
  std::optional<KeyPair> next;
  std::string type = "kubernetes.io/tls";  ///< of a Secret that is there it cannot be changed
  std::string resource_version = {};       ///< empty: it is not there
};

/// Parts that are missing are empty: whoever keeps the Secret makes it anew then. Nothing when
/// `object` has no resource version.
std::optional<WebhookSecret> read_webhook_secret(const boost::json::object& object);

/// The body of a POST, or with a resource version of a PUT.
std::string webhook_secret_body(const SecretName& name, const WebhookSecret& secret);
/// Where all Secrets of the namespace are, for a POST, and this one.
std::string secrets_target(const SecretName& name);
std::string secret_target(const SecretName& name);

}  // namespace sluice::kubernetes
