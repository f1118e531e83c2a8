// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/verdict_load.hpp"

#include <array>
#include <chrono>
#include <optional>

#include <poll.h>
#include <sys/socket.h>

#include "commands/byte_stream.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr int tries = 3;
constexpr auto pause = 2ms;
constexpr int patience = 1000;  // milliseconds

/// A new port each time: where several processes share the server's, another one may get it.
std::optional<MessageText> try_once(const Target& target, const Octets& query) {
  const auto socket = commands::Socket::connect(
      {.host = "127.0.0.1", .port = target.port, .source = target.from, .type = SOCK_DGRAM},
      std::chrono::steady_clock::now() + 1s);
  std::array<std::uint8_t, 4096> answer{};
  pollfd readiness{.fd = socket.number(), .events = POLLIN, .revents = 0};
  if (send(socket.number(), query.data(), query.size(), 0) < 0) return std::nullopt;
  if (poll(&readiness, 1, patience) != 1) return std::nullopt;
  const auto size = recv(socket.number(), answer.data(), answer.size(), 0);
  if (size < 0) return std::nullopt;  // nobody has the port
  return read_message(std::span(answer).first(static_cast<std::size_t>(size)));
}

}  // namespace

VerdictLoad::VerdictLoad(Target target, Policy policy)
    : target_(std::move(target)), policy_(std::move(policy)), thread_([this] { run(); }) {}

VerdictLoad::~VerdictLoad() {
  finish();
}

void VerdictLoad::run() {
  while (!ends_) {
    ask(policy_.denied, "NXDOMAIN");
    ask(policy_.allowed, "NOERROR");
    std::this_thread::sleep_for(pause);
  }
}

void VerdictLoad::ask(const std::string& name, const std::string& rcode) {
  std::string asked = name;
  if (const auto star = asked.find('*'); star != std::string::npos)
    asked.replace(star, 1, std::to_string(++number_));
  const Octets query = make_query(asked + ". A");
  auto answer = try_once(target_, query);
  if (!answer) ++result_.asked_again;
  for (int i = 1; !answer && i < tries; ++i)
    answer = try_once(target_, query);
  if (!answer) {
    ++result_.lost;
    return;
  }
  ++result_.answered;
  if (answer->rcode == rcode && answer->answer.empty() == (rcode != "NOERROR")) return;
  if (++result_.wrong == 1) result_.first_wrong = asked + ": " + answer->rcode;
}

VerdictLoad::Result VerdictLoad::finish() {
  ends_ = true;
  if (thread_.joinable()) thread_.join();
  return result_;
}

}  // namespace sluice::tests
