// SPDX-License-Identifier: Apache-2.0
// Requests of a test to the API server, each over a connection of its own, so that none of them
// notices that the server was killed in between. Not the client that Sluice has: a test that drives
// that one needs another to check it with.
//
//   const auto pod = client.get("/api/v1/namespaces/shop/pods/web").object();
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <boost/json/value.hpp>

namespace sluice::tests {

struct ApiAnswer {
  unsigned status = 0;
  std::string text;
  std::string flow_schema = {};  ///< uid of the FlowSchema that the request was counted to

  /// The body, whatever the status. Throws if it is no JSON.
  [[nodiscard]] boost::json::value json() const;
  /// The body of a request that must succeed. Throws std::runtime_error with the server's own words
  /// if it did not.
  [[nodiscard]] boost::json::value object() const;
};

struct ApiServerAddress {
  std::uint16_t port = 0;           ///< on 127.0.0.1
  std::filesystem::path authority;  ///< who signed its certificate
};

/// `target` is path and query, `object` is YAML or JSON. Everything throws
/// boost::system::system_error where there is no server, or none that answers within half a minute.
class ApiClient {
 public:
  /// With an empty token the server takes the client for anonymous.
  ApiClient(ApiServerAddress server, std::string token)
      : server_(std::move(server)), token_(std::move(token)) {}

  [[nodiscard]] ApiAnswer get(const std::string& target) const;
  [[nodiscard]] ApiAnswer post(const std::string& target, const std::string& object) const;
  /// JSON merge patch (RFC 7396).
  [[nodiscard]] ApiAnswer patch(const std::string& target, const std::string& change) const;
  /// Server-side apply.
  [[nodiscard]] ApiAnswer apply(const std::string& target, const std::string& object) const;
  [[nodiscard]] ApiAnswer remove(const std::string& target) const;

 private:
  struct Exchange;
  [[nodiscard]] ApiAnswer ask(const Exchange& exchange) const;

  ApiServerAddress server_;
  std::string token_;
};

}  // namespace sluice::tests
