// SPDX-License-Identifier: Apache-2.0
// The HTTP/1.1 server for operators: a fixed list of pages, GET and HEAD only. It runs on an
// io_context of its own, so that a slow scrape never makes a worker wait; one coroutine per
// connection, and everything that a client can make it hold is bounded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/settings.hpp"

namespace sluice::proxy {

/// What a page answers with.
struct AdminReply {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

/// The parameters of a request's URL, decoded; of one that comes twice the first counts.
using AdminParameters = std::map<std::string, std::string, std::less<>>;

/// A page. `make` is called for each request, on the thread that runs the io_context.
struct AdminRoute {
  std::string path;
  std::function<AdminReply(const AdminParameters&)> make;
};

struct AdminLimits {
  std::size_t connections = 100;  ///< more are closed as soon as they are accepted
  std::chrono::milliseconds request_deadline{10000};  ///< from waiting for it to its last octet
  std::uint32_t header_size = 8192;                   ///< octets; 431 beyond
  std::uint64_t body_size = 1024;                     ///< octets; no page wants one; 413 beyond
};

class AdminServer {
 public:
  /// Does nothing until start(). One thread runs `context`, which must outlive the server.
  AdminServer(boost::asio::io_context& context, std::vector<AdminRoute> routes,
              AdminLimits limits = {});
  /// Stops. Connections end with the io_context, or at their deadline.
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  /// Binds and begins to accept. What is wrong, in one line, or nothing.
  [[nodiscard]] std::optional<std::string> start(const config::Admin& where);
  /// Accepts no more. Any thread.
  void stop();
  /// Where it listens, once started: the kernel's choice if 0 was asked for.
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< shared with the coroutines, which may outlive the server
};

}  // namespace sluice::proxy
