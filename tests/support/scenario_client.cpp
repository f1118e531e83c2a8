// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_client.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "proxy/stream_messages.hpp"
#include "proxy/tls_context.hpp"
#include "tests/support/http2_client.hpp"
#include "tests/support/process.hpp"
#include "tls/openssl_error.hpp"

namespace sluice::tests {
namespace {

/// A handshake with a program that has just started may take a while on a busy machine.
constexpr timeval connect_timeout{10, 0};

sockaddr_in endpoint(const std::string& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1)
    throw std::runtime_error(address + " is no IPv4 address");
  return result;
}

void require(bool worked, const std::string& what) {
  if (!worked) throw std::runtime_error("a scenario's client cannot " + what);
}

Descriptor connect_to(std::uint16_t port, const std::string& from, int type) {
  Descriptor socket_descriptor(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  const int number = socket_descriptor.number();
  const sockaddr_in source = endpoint(from, 0);
  const sockaddr_in target = endpoint("127.0.0.1", port);
  const auto as_address = [](const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
  };
  setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &connect_timeout, sizeof connect_timeout);
  require(bind(number, as_address(source), sizeof source) == 0, "bind to " + from);
  require(connect(number, as_address(target), sizeof target) == 0, "connect from " + from);
  return socket_descriptor;
}

void stop_blocking(const Descriptor& descriptor) {
  fcntl(descriptor.number(), F_SETFL, O_NONBLOCK);
}

class UdpClient final : public ScenarioClient {
 public:
  UdpClient(std::uint16_t port, const std::string& from)
      : socket_(connect_to(port, from, SOCK_DGRAM)) {}

  void send(const Octets& message) override {
    const auto sent = ::send(socket_.number(), message.data(), message.size(), 0);
    require(sent == static_cast<ssize_t>(message.size()), "send a datagram");
  }

  std::optional<Octets> receive() override {
    Octets answer(65535);
    const ssize_t size = recv(socket_.number(), answer.data(), answer.size(), MSG_DONTWAIT);
    if (size < 0) return std::nullopt;
    answer.resize(static_cast<std::size_t>(size));
    return answer;
  }

 private:
  Descriptor socket_;
};

/// Messages with their length in front, whatever carries the octets.
class StreamClient : public ScenarioClient {
 public:
  void send(const Octets& message) override {
    Octets framed{static_cast<std::uint8_t>(message.size() >> 8),
                  static_cast<std::uint8_t>(message.size())};
    framed.insert(framed.end(), message.begin(), message.end());
    write(framed);
  }

  std::optional<Octets> receive() override {
    while (true) {
      if (const auto message = received_.next()) return Octets(message->begin(), message->end());
      const std::size_t size = read(received_.space());
      if (size == 0) return std::nullopt;
      received_.commit(size);
    }
  }

 protected:
  virtual void write(const Octets& octets) = 0;
  /// 0: nothing is there.
  virtual std::size_t read(std::span<std::uint8_t> buffer) = 0;

 private:
  proxy::StreamMessages received_{4096};
};

class TcpStreamClient final : public StreamClient {
 public:
  TcpStreamClient(std::uint16_t port, const std::string& from)
      : socket_(connect_to(port, from, SOCK_STREAM)) {}

 private:
  void write(const Octets& octets) override {
    const auto sent = ::send(socket_.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
    require(sent == static_cast<ssize_t>(octets.size()), "send over TCP");
  }
  std::size_t read(std::span<std::uint8_t> buffer) override {
    const ssize_t size = recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size > 0 ? static_cast<std::size_t>(size) : 0;
  }

  Descriptor socket_;
};

/// A connection with TLS that never blocks once it is there.
class TlsChannel {
 public:
  /// `protocol` is one of ALPN's, with its length in front.
  TlsChannel(const ClientTarget& target, const std::string& from, const std::string& protocol)
      : socket_(connect_to(target.port, from, SOCK_STREAM)) {
    const auto context =
        proxy::TlsClientContext::load({.server_name = "sluice.test", .ca_file = target.ca_file});
    require(context.has_value(), "read " + target.ca_file.string());
    session_ = context->make_session("sluice.test", resumption_);
    SSL_set_alpn_protos(session_.get(), reinterpret_cast<const unsigned char*>(protocol.data()),
                        static_cast<unsigned>(protocol.size()));
    SSL_set_fd(session_.get(), socket_.number());
    if (target.certificate) show(*target.certificate);
    require(SSL_do_handshake(session_.get()) == 1, "shake hands: " + tls::take_openssl_error());
    stop_blocking(socket_);
  }

  void write(const Octets& octets) {
    if (octets.empty()) return;
    const int sent = SSL_write(session_.get(), octets.data(), static_cast<int>(octets.size()));
    require(sent == static_cast<int>(octets.size()), "send over TLS");
  }
  /// 0: nothing is there.
  std::size_t read(std::span<std::uint8_t> buffer) {
    const int size = SSL_read(session_.get(), buffer.data(), static_cast<int>(buffer.size()));
    return size > 0 ? static_cast<std::size_t>(size) : 0;
  }

 private:
  void show(const config::ServerTls& files) {
    require(SSL_use_certificate_file(session_.get(), files.certificate_file.c_str(),
                                     SSL_FILETYPE_PEM) == 1 &&
                SSL_use_PrivateKey_file(session_.get(), files.private_key_file.c_str(),
                                        SSL_FILETYPE_PEM) == 1,
            "use its certificate");
  }

  Descriptor socket_;
  proxy::TlsResumption resumption_;
  proxy::TlsSession session_;
};

class TlsStreamClient final : public StreamClient {
 public:
  TlsStreamClient(const ClientTarget& target, const std::string& from)
      : channel_(target, from,
                 "\x03"
                 "dot") {}

 private:
  void write(const Octets& octets) override { channel_.write(octets); }
  std::size_t read(std::span<std::uint8_t> buffer) override { return channel_.read(buffer); }

  TlsChannel channel_;
};

class HttpsClient final : public ScenarioClient {
 public:
  HttpsClient(const ClientTarget& target, const std::string& from)
      : channel_(target, from, "\x02h2") {}

  void send(const Octets& message) override {
    stream_ = client_.post("/dns-query", message);
    channel_.write(client_.take_output());
  }
  std::optional<Octets> receive() override {
    std::array<std::uint8_t, 4096> buffer{};
    while (const std::size_t size = channel_.read(buffer))
      client_.receive(std::span(buffer).first(size));
    channel_.write(client_.take_output());
    const HttpResponse& response = client_.response(stream_);
    if (!response.is_whole) return std::nullopt;
    require(response.status == "200", "get an answer over HTTP: status " + response.status);
    return response.body;
  }

 private:
  TlsChannel channel_;
  Http2Client client_;
  std::int32_t stream_ = 0;
};

}  // namespace

std::unique_ptr<ScenarioClient> make_client(const ClientTarget& target, const std::string& from) {
  switch (target.transport) {
    case proxy::Transport::udp:
      return std::make_unique<UdpClient>(target.port, from);
    case proxy::Transport::tcp:
      return std::make_unique<TcpStreamClient>(target.port, from);
    case proxy::Transport::tls:
      return std::make_unique<TlsStreamClient>(target, from);
    case proxy::Transport::https:
      return std::make_unique<HttpsClient>(target, from);
  }
  return nullptr;
}

}  // namespace sluice::tests
