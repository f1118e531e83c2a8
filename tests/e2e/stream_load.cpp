// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/stream_load.hpp"

#include <array>
#include <chrono>

#include <sys/socket.h>

#include "tests/e2e/tcp_client.hpp"
#include "tests/support/http2_client.hpp"

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

constexpr int queries_per_connection = 40;
constexpr auto patience = 5s;
constexpr auto pause = 1ms;

commands::Deadline soon() {
  return std::chrono::steady_clock::now() + patience;
}

std::size_t read_some(commands::ByteStream& stream, std::span<std::uint8_t> buffer) {
  const std::size_t size = stream.read(buffer);
  if (size == 0) throw commands::ExchangeFailure("closed");
  return size;
}

void read_all(commands::ByteStream& stream, std::span<std::uint8_t> buffer) {
  while (!buffer.empty())
    buffer = buffer.subspan(read_some(stream, buffer));
}

/// All that is asked for is there.
void check_answer(const Octets& answer) {
  constexpr std::size_t rcode_octet = 3;
  if (answer.size() <= rcode_octet || (answer[rcode_octet] & 15) != 0)
    throw commands::ExchangeFailure("no good answer");
}

void ask_framed(commands::ByteStream& stream, const Octets& query) {
  stream.write(framed(query));
  std::array<std::uint8_t, 2> size{};
  read_all(stream, size);
  Octets answer(static_cast<std::size_t>(size[0]) << 8 | size[1]);
  read_all(stream, answer);
  check_answer(answer);
}

void ask_http(commands::ByteStream& stream, Http2Client& http, const Octets& query) {
  const auto number = http.post("/dns-query", query);
  std::array<std::uint8_t, 4096> buffer{};
  for (;;) {
    stream.write(http.take_output());
    const HttpResponse& response = http.response(number);
    if (response.is_whole && response.status == "200") return check_answer(response.body);
    if (response.is_whole || response.reset) throw commands::ExchangeFailure("not answered");
    http.receive(std::span(buffer).first(read_some(stream, buffer)));
  }
}

}  // namespace

/// One of them, with its connection, if it has one.
class StreamLoad::Client {
 public:
  Client(const StreamLoad& load) : load_(load) {}

  /// False if the connection ended first, or there is none to be had.
  bool ask(const std::string& name) {
    try {
      if (!stream_) open();
      const Octets query = make_query(name + ". A");
      http_ ? ask_http(*stream_, *http_, query) : ask_framed(*stream_, query);
      if (++asked_ == queries_per_connection) stream_.reset();
      return true;
    } catch (const std::runtime_error&) {  // ExchangeFailure, or what is no HTTP/2
      stream_.reset();
      return false;
    }
  }
  /// Whether the next query goes over a connection on which others were answered.
  [[nodiscard]] bool has_old_connection() const { return stream_ != nullptr; }

 private:
  void open() {
    auto socket = commands::Socket::connect({.host = "127.0.0.1",
                                             .port = load_.target_.port,
                                             .source = load_.target_.from,
                                             .type = SOCK_STREAM},
                                            soon());
    asked_ = 0;
    const Protocol protocol = load_.options_.protocol;
    stream_ = protocol == Protocol::tcp
                  ? commands::open_tcp(std::move(socket), soon())
                  : commands::open_tls(std::move(socket),
                                       {.server_name = "sluice.test",
                                        .ca_file = load_.workspace_.authority(),
                                        .protocol = protocol == Protocol::tls ? "dot" : "h2"},
                                       soon());
    http_.reset();
    if (protocol == Protocol::https) http_.emplace();
  }

  const StreamLoad& load_;
  std::unique_ptr<commands::ByteStream> stream_;
  std::optional<Http2Client> http_;  ///< on the stream
  int asked_ = 0;
};

StreamLoad::StreamLoad(const Workspace& workspace, Target target, Options options)
    : workspace_(workspace), target_(std::move(target)), options_(std::move(options)) {
  for (int i = 0; i < options_.clients; ++i)
    threads_.emplace_back([this, i] { serve_as_client(static_cast<std::size_t>(i)); });
}

StreamLoad::~StreamLoad() {
  finish();
}

void StreamLoad::serve_as_client(std::size_t number) {
  Client client(*this);
  for (std::size_t i = number; !ends_; i += static_cast<std::size_t>(options_.clients)) {
    const std::string& name = options_.names[i % options_.names.size()];
    const bool may_ask_again = client.has_old_connection();
    bool is_answered = client.ask(name);
    if (!is_answered && may_ask_again) {
      ++asked_again_;
      is_answered = client.ask(name);
    }
    ++(is_answered ? answered_ : lost_);
    std::this_thread::sleep_for(pause);
  }
}

StreamLoad::Result StreamLoad::finish() {
  ends_ = true;
  for (std::thread& thread : threads_)
    thread.join();
  threads_.clear();
  return {answered_, asked_again_, lost_};
}

}  // namespace sluice::tests
