// SPDX-License-Identifier: Apache-2.0
// What a client gets to read: every kind of answer that Sluice gives, made for one query in the
// caller's buffer. Flags, question, EDNS and truncation are the same for all of them and stand here
// once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dns/answer.hpp"
#include "dns/message_writer.hpp"
#include "filters/verdict.hpp"
#include "proxy/origin.hpp"

namespace sluice::proxy {

struct ResponseLimits {
  std::uint16_t max_udp_payload = 1232;
  std::uint16_t keepalive = 100;  ///< in 100 ms (RFC 7828): how long a silent connection is kept
};

/// An answer to a message whose question could not be read: header, and OPT for BADVERS.
std::size_t write_header_response(std::span<const std::uint8_t> packet, dns::Rcode rcode,
                                  std::span<std::uint8_t> out);

/// Each function writes one complete answer into `out` and returns its size.
class Response {
 public:
  Response(const dns::Query& query, Transport transport, const ResponseLimits& limits,
           std::span<std::uint8_t> out);

  std::size_t error(dns::Rcode rcode, std::optional<dns::ExtendedError> error) const;
  /// As the deciding rule or its list says; the EDE tells which rule it was.
  std::size_t denial(const filters::Verdict& verdict) const;
  /// The addresses of a rewrite.
  std::size_t addresses(const filters::Verdict& verdict) const;
  /// A stored answer to the very question of the query.
  std::size_t stored(const dns::AnswerView& answer, const dns::TtlPolicy& ttl) const;
  /// How an answer is told that was not stored for the very question, or not all of it.
  struct Retelling {
    /// Behind a CNAME that leads to its canonical name; may be null.
    const filters::Rewrite* rewrite = nullptr;
    std::optional<dns::ExtendedError> error{};
    std::span<std::uint8_t> scratch;  ///< room for a whole message
  };
  std::size_t retold(const dns::AnsweredQuestion& stored, const dns::TtlPolicy& ttl,
                     const Retelling& how) const;
  /// The name does not exist, and nobody else can say so.
  std::size_t missing() const;
  /// ANY is answered with one small record (RFC 8482 4.2).
  std::size_t minimal_any() const;

 private:
  [[nodiscard]] dns::MessageWriter begin(dns::Rcode rcode) const;
  std::size_t finish(dns::MessageWriter& writer, dns::Rcode rcode,
                     std::optional<dns::ExtendedError> error) const;
  void write_opt(dns::MessageWriter& writer, dns::Rcode rcode,
                 const std::optional<dns::ExtendedError>& error) const;
  void address_record(dns::MessageWriter& writer, const filters::Address& address,
                      std::uint32_t ttl) const;

  const dns::Query& query_;
  Transport transport_;
  const ResponseLimits& limits_;
  std::span<std::uint8_t> out_;
};

}  // namespace sluice::proxy
