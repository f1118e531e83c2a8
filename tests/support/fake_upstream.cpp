// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_upstream.hpp"

#include <algorithm>
#include <stdexcept>

namespace sluice::tests {

void FakeUpstream::send(std::uint64_t token, std::span<const std::uint8_t> query) {
  Query& kept = pending_.emplace_back();
  if (query.size() > kept.octets.size()) throw std::length_error("a query of over 1024 octets");
  kept.token = token;
  kept.size = query.size();
  std::copy(query.begin(), query.end(), kept.octets.begin());
  ++sent_;
}

std::vector<std::string> FakeUpstream::pending() const {
  std::vector<std::string> questions;
  for (const Query& query : pending_)
    questions.push_back(read_message(message_of(query)).question);
  return questions;
}

Octets FakeUpstream::oldest() const {
  if (pending_.empty()) throw std::logic_error("nothing was asked of the upstream");
  const auto message = message_of(pending_.front());
  return {message.begin(), message.end()};
}

std::uint64_t FakeUpstream::answer(const Response& response) {
  return answer(make_response(oldest(), response));
}

std::uint64_t FakeUpstream::answer(std::span<const std::uint8_t> message) {
  const Query query = take_oldest();
  handler_.on_answer(query.token, message);
  return query.token;
}

std::uint64_t FakeUpstream::fail(proxy::UpstreamFailure failure) {
  const Query query = take_oldest();
  handler_.on_failure(query.token, failure);
  return query.token;
}

void FakeUpstream::forget_oldest() {
  take_oldest();
}

FakeUpstream::Query FakeUpstream::take_oldest() {
  if (pending_.empty()) throw std::logic_error("nothing was asked of the upstream");
  const Query query = pending_.front();
  pending_.erase(pending_.begin());
  return query;
}

}  // namespace sluice::tests
