// SPDX-License-Identifier: Apache-2.0
// The token and the TLS context for the next request. The kubelet replaces a pod's token within its
// lifetime and the CA when it is rotated: both are files that are read again, by path. Nothing of
// what stands in them is ever part of a message.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>

#include "kubernetes/api_failure.hpp"
#include "kubernetes/backoff.hpp"
#include "kubernetes/cluster_access.hpp"

namespace sluice::kubernetes {

/// Of one cluster, shared by all connections to it; not for several threads. What was good stays in
/// use while its file cannot be read or makes no sense.
class Credentials {
 public:
  explicit Credentials(ClusterAccess access) : access_(std::move(access)) {}

  [[nodiscard]] const ClusterAccess& access() const { return access_; }

  /// For the header `Authorization: Bearer`; empty when there is none. Read again every minute.
  ApiResult<std::string> token(TimePoint now);
  /// The server did not take the token: the next call of token() reads it again.
  void expire_token() { token_read_.reset(); }

  /// For the next connection. Another one than the last time when a file has changed.
  ApiResult<std::shared_ptr<boost::asio::ssl::context>> tls_context();

 private:
  struct Pem {
    std::string ca;
    std::string certificate;
    std::string key;
    bool operator==(const Pem&) const = default;
  };
  ApiResult<Pem> read_pem() const;
  static ApiResult<std::shared_ptr<boost::asio::ssl::context>> make_context(const Pem& pem);

  ClusterAccess access_;
  std::optional<TimePoint> token_read_;
  std::string token_;
  Pem pem_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace sluice::kubernetes
