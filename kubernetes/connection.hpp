// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 connection to an API server, verified always, made when it is needed and kept as
// long as both sides wish. One request at a time: a watch has its connection for itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "kubernetes/api_failure.hpp"
#include "kubernetes/backoff.hpp"
#include "kubernetes/credentials.hpp"

namespace sluice::kubernetes {

struct ApiRequest {
  std::string method = "GET";
  std::string target;  ///< path and query, without the cluster's base path
  std::string accept = "application/json";
  std::string content_type = {};  ///< of the body
  std::string body = {};
};

/// Every step has a deadline, and whatever a server can make us hold a bound.
struct ConnectionLimits {
  std::chrono::milliseconds connect{10'000};    ///< TCP alone
  std::chrono::milliseconds handshake{10'000};  ///< TLS
  /// From the first octet of a request to the last of its answer; of a watch, to its header.
  std::chrono::milliseconds answer{60'000};
  std::chrono::milliseconds idle{30'000};  ///< a kept connection that waited longer is not used
  /// Until octets that were sent are acknowledged (TCP_USER_TIMEOUT).
  std::chrono::milliseconds unacknowledged{30'000};
  std::size_t max_body = 64UL << 20;  ///< 500 objects of 128 KiB
};

struct ConnectionSettings {
  std::string user_agent;  ///< `sluice/VERSION (ROLE)`: what an API server's audit log shows
  ConnectionLimits limits = {};
};

/// Lives on one executor, and so does everything that is started. `credentials` outlives it.
class ApiConnection {
 public:
  ApiConnection(const boost::asio::any_io_executor& executor, Credentials& credentials,
                ConnectionSettings settings);
  ApiConnection(const ApiConnection&) = delete;
  ApiConnection& operator=(const ApiConnection&) = delete;
  ~ApiConnection();

  /// The body of a 2xx answer; any other is FailureKind::status. A 401 is tried once more with the
  /// token read again, a GET also when a kept connection turns out to have ended.
  boost::asio::awaitable<ApiResult<std::string>> exchange(const ApiRequest& request);

  /// The same for an answer without an end: only its header is waited for.
  boost::asio::awaitable<ApiResult<void>> open(const ApiRequest& request);
  /// The next octets of what was opened, valid until the next call; none at its end in order.
  boost::asio::awaitable<ApiResult<std::string_view>> read_some(TimePoint deadline);

  /// Ends the connection; what is under way fails with FailureKind::lost.
  void close();

 private:
  class State;
  std::shared_ptr<State> state_;  ///< also held by what is under way
};

}  // namespace sluice::kubernetes
