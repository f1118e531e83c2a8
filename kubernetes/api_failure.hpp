// SPDX-License-Identifier: Apache-2.0
// What can go wrong between us and an API server, as a value. Who asked decides what it means: a
// 410 is the end of a list's page and the beginning of a relist.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

namespace sluice::kubernetes {

/// The parts of a Status object (meta/v1) that a client acts on. Servers send it as the body of a
/// failed request and, in a watch, as the object of an ERROR event.
struct ApiStatus {
  int code = 0;  ///< as HTTP's
  std::string reason = {};
  std::string message = {};  ///< printable and shortened
  std::optional<std::chrono::seconds> retry_after = {};
  bool is_version_too_large = false;  ///< the resource version is one that the server has not yet

  static ApiStatus from_json(const boost::json::object& status);

  /// The resource version or the continue token is older than what the server remembers.
  [[nodiscard]] bool is_expired() const {
    return code == 410 || reason == "Expired" || reason == "Gone";
  }
};

enum class FailureKind : std::uint8_t {
  refused,      ///< nobody listens, or there is no way there
  timeout,      ///< a step took too long
  lost,         ///< the connection ended in the middle of something
  tls,          ///< the handshake failed: mostly a certificate that does not check
  credentials,  ///< a certificate, key or token of ours cannot be used
  invalid,      ///< the answer is not what an API server sends
  too_large,    ///< the answer or an event is beyond our bounds
  status        ///< the server says no: ApiFailure::status
};

struct ApiFailure {
  FailureKind kind = FailureKind::invalid;
  std::string text = {};  ///< for people; never holds a credential
  ApiStatus status = {};  ///< kind status
};

/// For a counter's label: `410`, `refused`. Of a bounded set, whatever a server sends.
std::string label_of(const ApiFailure& failure);

/// `status` as a failure, with a text.
ApiFailure make_status_failure(ApiStatus status);
/// The failure of a request that was answered with another status than 2xx. `body` is a Status, or
/// whatever a proxy in between wrote.
ApiFailure make_http_failure(int code, std::string_view body);

template <typename T>
using ApiResult = boost::system::result<T, ApiFailure>;
[[noreturn]] void throw_exception_from_error(const ApiFailure& failure,
                                             const boost::source_location& where);

}  // namespace sluice::kubernetes
