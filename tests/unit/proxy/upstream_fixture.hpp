// SPDX-License-Identifier: Apache-2.0
// What the tests of upstreams share: a handler that remembers, and an event loop that runs until
// something is so, with a bound instead of a sleep.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>

#include "proxy/counters.hpp"
#include "proxy/upstream.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::proxy {

class RecordingHandler final : public UpstreamHandler {
 public:
  void on_answer(std::uint64_t token, std::span<const std::uint8_t> message) override {
    ++calls[token];
    answers[token] = tests::Octets(message.begin(), message.end());
  }
  void on_failure(std::uint64_t token, UpstreamFailure failure) override {
    ++calls[token];
    failures[token] = failure;
  }

  std::map<std::uint64_t, int> calls;
  std::map<std::uint64_t, tests::Octets> answers;
  std::map<std::uint64_t, UpstreamFailure> failures;
};

/// Runs the loop until the condition holds; false when that takes longer than the bound.
template <typename Condition>
bool run_until(boost::asio::io_context& context, Condition&& condition,
               std::chrono::milliseconds bound = std::chrono::seconds(5)) {
  const auto end = std::chrono::steady_clock::now() + bound;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    context.restart();
    context.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

inline tests::Octets numbered_query(std::uint64_t number) {
  return tests::make_query("host" + std::to_string(number) + ".example. A",
                           {.edns = dns::OptOut{}});
}

/// Sends queries with the tokens first to last, each for a name of its own.
inline void send_numbered(Upstream& upstream, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t token = first; token <= last; ++token)
    upstream.send(token, numbered_query(token));
}

/// Whether the tokens first to last were each called back once, with the answer to their own query.
inline bool all_answered(const RecordingHandler& handler, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t token = first; token <= last; ++token) {
    const auto answer = handler.answers.find(token);
    if (answer == handler.answers.end() || handler.calls.at(token) != 1) return false;
    const auto text = tests::read_message(answer->second);
    if (text.question != "host" + std::to_string(token) + ".example. A") return false;
  }
  return true;
}

}  // namespace sluice::proxy
