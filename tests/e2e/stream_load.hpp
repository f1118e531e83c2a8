// SPDX-License-Identifier: Apache-2.0
// Clients over TCP, DoT or DoH, each on a thread: one query after the other over the same
// connection, now and then over a new one. Whose connection ends before its answer asks once more
// over a new one, as RFC 7766 6.2.4 wants it; who gets none there either has lost a query.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "commands/byte_stream.hpp"
#include "tests/e2e/clients.hpp"

namespace sluice::tests {

class StreamLoad {
 public:
  enum class Protocol : std::uint8_t { tcp, tls, https };
  struct Options {
    std::vector<std::string> names;
    Protocol protocol = Protocol::tcp;
    int clients = 8;
  };
  struct Result {
    std::uint64_t answered;
    std::uint64_t asked_again;
    std::uint64_t lost;
  };
  StreamLoad(const Workspace& workspace, Target target, Options options);
  ~StreamLoad();
  StreamLoad(const StreamLoad&) = delete;
  StreamLoad& operator=(const StreamLoad&) = delete;

  /// Ends the clients.
  Result finish();

 private:
  class Client;
  void serve_as_client(std::size_t number);

  const Workspace& workspace_;
  Target target_;
  Options options_;
  std::atomic<bool> ends_{false};
  std::atomic<std::uint64_t> answered_{0};
  std::atomic<std::uint64_t> asked_again_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::vector<std::thread> threads_;
};

}  // namespace sluice::tests
