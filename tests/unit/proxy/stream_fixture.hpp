// SPDX-License-Identifier: Apache-2.0
// Stream clients on loopback, served by connections whose pipeline, clock and upstream are fakes.
// Everything is in one thread: poll() lets both sides do what they can.
#pragma once

#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "proxy/stream_listener.hpp"
#include "proxy/stream_messages.hpp"
#include "tests/support/pipeline_world.hpp"

namespace sluice::proxy {

using boost::asio::ip::tcp;
using tests::Octets;

/// The message with its length in front.
inline Octets framed(const Octets& message) {
  Octets octets{static_cast<std::uint8_t>(message.size() >> 8),
                static_cast<std::uint8_t>(message.size())};
  octets.insert(octets.end(), message.begin(), message.end());
  return octets;
}

class StreamPeer {
 public:
  explicit StreamPeer(tcp::socket socket) : socket_(std::move(socket)) {
    socket_.non_blocking(true);
  }

  tcp::socket& socket() { return socket_; }
  /// As much of it as the kernel takes; returns how much that was.
  std::size_t write(std::span<const std::uint8_t> octets) {
    boost::system::error_code error;
    return socket_.write_some(boost::asio::buffer(octets.data(), octets.size()), error);
  }
  void ask(const std::string& question, std::uint16_t id) {
    write(framed(tests::make_query(question, {.id = id})));
  }
  /// Messages that have come so far and were not taken yet.
  std::vector<tests::MessageText> take_answers() {
    read_all();
    return std::exchange(answers_, {});
  }
  bool is_closed() {
    read_all();
    return closed_;
  }

 private:
  void read_all() {
    boost::system::error_code error;
    while (!error) {
      const auto space = received_.space();
      received_.commit(socket_.read_some(boost::asio::buffer(space.data(), space.size()), error));
      while (const auto message = received_.next())
        answers_.push_back(tests::read_message(*message));
    }
    closed_ = closed_ || error != boost::asio::error::would_block;
  }

  tcp::socket socket_;
  StreamMessages received_{1 << 16};
  std::vector<tests::MessageText> answers_;
  bool closed_ = false;
};

struct StreamFixture {
  tests::PipelineWorld world{{.clients = {{.namespace_name = "shop", .cidrs = {"127.0.0.0/8"}}}}};
  boost::asio::io_context context{1};
  config::Limits limits;
  StreamServices services{context, world.pipeline(), world.counters(), limits, world.clock()};
  StreamConnections connections{services};
  tcp::acceptor acceptor{context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};

  StreamPeer connect(const std::string& from = "127.0.1.5") {
    tcp::socket socket(context);
    socket.open(tcp::v4());
    socket.bind({boost::asio::ip::make_address(from), 0});
    socket.connect(acceptor.local_endpoint());
    Origin origin = tests::PipelineWorld::origin(from, Transport::tcp);
    connections.add(make_tcp_stream(acceptor.accept()), origin);
    poll();
    return StreamPeer(std::move(socket));
  }

  /// Until both sides have nothing left to do. A busy kernel delivers a little later, and the code
  /// may be slower than that: what still ran is no end.
  void poll() {
    std::size_t handlers = 0;
    do {
      context.restart();
      handlers = context.run_for(std::chrono::milliseconds(2));
    } while (deliver_replies() || handlers != 0);
  }
  /// The upstream answers its oldest query.
  void answer() {
    world.upstream().answer(tests::Response{});
    poll();
  }
  void elapse(std::chrono::milliseconds time) {
    world.elapse(time);
    connections.check_idle(world.clock().now());
    poll();
  }
  /// Puts "hit.example. A" into the cache.
  void warm_up() {
    world.ask("hit.example. A", {.from = "127.0.0.1"});
    world.upstream().answer(tests::Response{.answer = {"hit.example. 3600 A 192.0.2.1"}});
    world.replies().clear();
  }
  [[nodiscard]] std::uint64_t limited(LimitReason reason) const {
    return world.counters().limited[static_cast<std::size_t>(reason)].value();
  }

 private:
  bool deliver_replies() {
    const auto replies = std::exchange(world.replies(), {});
    for (const auto& reply : replies)
      connections.reply(reply.origin, reply.message);
    return !replies.empty();
  }
};

}  // namespace sluice::proxy
