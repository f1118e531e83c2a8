// SPDX-License-Identifier: Apache-2.0
// An authoritative toy server over UDP, TCP and TLS, on a thread of its own: the upstream of tests,
// demo and benchmarks. Answers on a stream come as soon as they are ready, so a name made slow does
// not hold up the others. What it can do wrong, it does on demand.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "dns/types.hpp"

namespace sluice::tests {

/// What a broken or hostile server does to every query from now on.
enum class Misbehaviour : std::uint8_t {
  none,
  silent,          ///< reads and never answers
  wrong_id,        ///< the ID is one too high
  wrong_question,  ///< the answer is to another type
  query_back,      ///< QR=0
  garbage,         ///< octets that are no message
  garbage_first,   ///< garbage, and then the good answer
  close,           ///< closes the connection; over UDP the same as silent
};

struct CertificateFiles {
  std::string certificate;  ///< PEM, the chain
  std::string private_key;  ///< PEM
};

struct ResponderOptions {
  std::string zone;  ///< see ToyZone
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                         ///< of UDP and TCP alike; 0: any that is free
  std::uint16_t tls_port = 0;                     ///< 0: any that is free
  std::optional<CertificateFiles> certificate{};  ///< without it there is no TLS
};

/// All functions may be called from any thread; they take effect before they return.
class Responder {
 public:
  /// Listens when it returns. Throws boost::system::system_error if it cannot.
  explicit Responder(ResponderOptions options);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  /// Of UDP and TCP.
  [[nodiscard]] std::uint16_t port() const;
  /// 0 without a certificate.
  [[nodiscard]] std::uint16_t tls_port() const;

  void set_zone(const std::string& text);
  void set_misbehaviour(Misbehaviour misbehaviour);
  void set_silent() { set_misbehaviour(Misbehaviour::silent); }
  /// Answers everything with this code and no records; nothing: back to the zone.
  void set_rcode(std::optional<dns::Rcode> rcode);
  /// `name` as presentation format.
  void set_delay(const std::string& name, std::chrono::milliseconds delay);
  /// For handshakes from now on.
  void set_certificate(const CertificateFiles& files);
  /// Closes every connection that is open; new ones are accepted.
  void close_connections();

  /// Queries received so far: in all, and for one name whatever its type and case.
  [[nodiscard]] std::size_t queries() const;
  [[nodiscard]] std::size_t queries(const std::string& name) const;
  /// TCP and TLS connections accepted so far.
  [[nodiscard]] std::size_t connections() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace sluice::tests
