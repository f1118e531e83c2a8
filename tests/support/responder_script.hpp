// SPDX-License-Identifier: Apache-2.0
// What the responder says to a message, without sockets. Lives on the responder's thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/support/responder.hpp"
#include "tests/support/test_message.hpp"
#include "tests/support/toy_zone.hpp"

namespace sluice::tests {

/// Messages to send after `delay`, none for silence.
struct Reply {
  std::vector<Octets> messages{};
  std::chrono::milliseconds delay{0};
  bool close = false;
};

class ResponderScript {
 public:
  explicit ResponderScript(const std::string& zone) : zone_(zone) {}

  /// `limit`: the largest message that the transport carries.
  Reply reply_to(std::span<const std::uint8_t> packet, std::size_t limit);

  void set_zone(const std::string& text) { zone_ = ToyZone(text); }
  void set_misbehaviour(Misbehaviour misbehaviour) { misbehaviour_ = misbehaviour; }
  void set_rcode(std::optional<dns::Rcode> rcode) { rcode_ = rcode; }
  void set_delay(const std::string& name, std::chrono::milliseconds delay);

  [[nodiscard]] std::size_t queries() const { return queries_; }
  [[nodiscard]] std::size_t queries(const std::string& name) const;

 private:
  Octets answer(const dns::Query& query, std::size_t limit);
  [[nodiscard]] Reply distorted(Octets message) const;

  ToyZone zone_;
  Misbehaviour misbehaviour_ = Misbehaviour::none;
  std::optional<dns::Rcode> rcode_;
  std::unordered_map<std::string, std::chrono::milliseconds> delays_;  ///< by canonical text
  std::unordered_map<std::string, std::size_t> queries_by_name_;       ///< by canonical text
  std::size_t queries_ = 0;
  std::array<std::uint8_t, 65535> buffer_;
};

}  // namespace sluice::tests
