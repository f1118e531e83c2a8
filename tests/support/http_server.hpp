// SPDX-License-Identifier: Apache-2.0
// An HTTP server on a thread of its own that answers as a test says, one connection after the
// other, with or without TLS.
//
//   HttpServer server([](const HttpRequest& request) { return HttpReply{.body = "a.example\n"}; });
//   fetch("http://127.0.0.1:" + std::to_string(server.port()) + "/list");
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "config/settings.hpp"

namespace sluice::tests {

struct HttpRequest {
  std::string target;
  std::map<std::string, std::string> headers;  ///< names in lower case
};

struct HttpReply {
  unsigned status = 200;
  std::map<std::string, std::string> headers = {};
  std::string body = {};
  std::size_t missing = 0;  ///< octets that are promised and never sent
};

class HttpServer {
 public:
  /// Called on the server's thread.
  using Handler = std::function<HttpReply(const HttpRequest& request)>;

  explicit HttpServer(Handler handler, std::optional<config::ServerTls> tls = std::nullopt);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Requests answered so far.
  [[nodiscard]] std::size_t requests() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::tests
