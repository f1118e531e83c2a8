// SPDX-License-Identifier: Apache-2.0
// Sockets for a tool: they wait, but never beyond a deadline, and say in a sentence what went
// wrong. The data plane has its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace sluice::commands {

/// Why an exchange did not work, for a person to read. Caught where the command ends.
class ExchangeFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Deadline = std::chrono::steady_clock::time_point;

/// A connected socket that does not block; closed with the object.
class Socket {
 public:
  struct Target {
    std::string host;  ///< an address or a name
    std::uint16_t port = 0;
    std::string source;  ///< an address of this machine to ask from; empty: the kernel chooses
    int type = 0;        ///< SOCK_DGRAM or SOCK_STREAM
  };
  /// Tries all addresses of the host in turn.
  static Socket connect(const Target& target, Deadline deadline);
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;
  ~Socket();

  [[nodiscard]] int number() const { return number_; }
  /// Until the socket is ready for `events` of poll(2).
  void wait_for(short events, Deadline deadline) const;

 private:
  explicit Socket(int number) : number_(number) {}
  int number_;
};

/// Octets in order, both ways. Every call waits until the deadline at most.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Sends all of it.
  virtual void write(std::span<const std::uint8_t> octets) = 0;
  /// At least one octet; 0 when the other side has ended.
  virtual std::size_t read(std::span<std::uint8_t> buffer) = 0;
};

std::unique_ptr<ByteStream> open_tcp(Socket socket, Deadline deadline);

/// How the other side is verified. It always is.
struct TlsOptions {
  std::string server_name;        ///< a name or an address that the certificate must have
  std::filesystem::path ca_file;  ///< PEM; empty: the system's trust store
  std::string protocol;           ///< ALPN: "dot", "h2"
};
/// Handshake included.
std::unique_ptr<ByteStream> open_tls(Socket socket, const TlsOptions& options, Deadline deadline);

}  // namespace sluice::commands
