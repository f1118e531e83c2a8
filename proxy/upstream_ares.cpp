// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_ares.hpp"

#include <map>
#include <new>
#include <stdexcept>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/time.h>

namespace sluice::proxy {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

/// The longest UDP answer that is taken as it is: DNS flag day 2020.
constexpr int max_udp_answer = 1232;

/// A descriptor of c-ares, borrowed: c-ares opens and closes it.
struct Socket {
  Socket(boost::asio::io_context& context, ares_socket_t number) : descriptor(context, number) {}

  Descriptor descriptor;
  bool is_open = true;
  bool wants_read = false;
  bool wants_write = false;
  bool waits_to_read = false;
  bool waits_to_write = false;
};

void initialize_library() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  if (status != ARES_SUCCESS) throw std::runtime_error(ares_strerror(status));
}

}  // namespace

class AresChannel::Loop : public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(boost::asio::io_context& context) : context_(context), timer_(context) {}

  void start(const AresSettings& settings);
  void stop();
  /// To be called after each request.
  void arm_timer();
  [[nodiscard]] ares_channel channel() const { return channel_; }

 private:
  static void on_socket_state(void* self, ares_socket_t number, int read, int write);
  void watch(ares_socket_t number, int read, int write);
  void wait(const std::shared_ptr<Socket>& socket);
  void process(ares_socket_t readable, ares_socket_t writable);

  boost::asio::io_context& context_;
  boost::asio::steady_timer timer_;
  ares_channel channel_ = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Socket>> sockets_;
  bool is_armed_ = false;
};

void AresChannel::Loop::start(const AresSettings& settings) {
  ares_options options{};
  options.flags = settings.flags;
  options.timeout = static_cast<int>(settings.timeout.count());
  options.tries = settings.tries;
  options.ednspsz = max_udp_answer;
  options.sock_state_cb = on_socket_state;
  options.sock_state_cb_data = this;
  const int rotation =
      settings.rotation == AresRotation::in_turn ? ARES_OPT_ROTATE : ARES_OPT_NOROTATE;
  const int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ |
                    ARES_OPT_SOCK_STATE_CB | rotation;
  if (ares_init_options(&channel_, &options, given) != ARES_SUCCESS) throw std::bad_alloc();
  if (settings.servers.empty()) return;
  const int status = ares_set_servers_ports_csv(channel_, settings.servers.c_str());
  if (status != ARES_SUCCESS) throw std::runtime_error(ares_strerror(status));
}

void AresChannel::Loop::stop() {
  timer_.cancel();
  if (channel_ != nullptr) ares_destroy(channel_);  // on_socket_state() lets go of every socket
  channel_ = nullptr;
}

void AresChannel::Loop::arm_timer() {
  if (is_armed_ || channel_ == nullptr) return;
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left) == nullptr) return;
  is_armed_ = true;
  // Later requests have later timeouts, so the timer need not be moved when one is added.
  timer_.expires_after(std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec));
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& /*error*/) {
    self->is_armed_ = false;
    self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

void AresChannel::Loop::on_socket_state(void* self, ares_socket_t number, int read, int write) {
  static_cast<Loop*>(self)->watch(number, read, write);
}

void AresChannel::Loop::watch(ares_socket_t number, int read, int write) {
  auto& socket = sockets_[number];
  if (read == 0 && write == 0) {
    if (socket) {
      socket->is_open = false;
      socket->descriptor.release();  // c-ares closes it right after this
    }
    sockets_.erase(number);
    return;
  }
  if (!socket) socket = std::make_shared<Socket>(context_, number);
  socket->wants_read = read != 0;
  socket->wants_write = write != 0;
  wait(socket);
}

void AresChannel::Loop::wait(const std::shared_ptr<Socket>& socket) {
  if (!socket->is_open) return;
  if (socket->wants_read && !socket->waits_to_read) {
    socket->waits_to_read = true;
    socket->descriptor.async_wait(
        Descriptor::wait_read,
        [self = shared_from_this(), socket](const boost::system::error_code& error) {
          socket->waits_to_read = false;
          if (error || !socket->is_open) return;
          self->process(socket->descriptor.native_handle(), ARES_SOCKET_BAD);
          self->wait(socket);
        });
  }
  if (socket->wants_write && !socket->waits_to_write) {
    socket->waits_to_write = true;
    socket->descriptor.async_wait(
        Descriptor::wait_write,
        [self = shared_from_this(), socket](const boost::system::error_code& error) {
          socket->waits_to_write = false;
          if (error || !socket->is_open) return;
          self->process(ARES_SOCKET_BAD, socket->descriptor.native_handle());
          self->wait(socket);
        });
  }
}

void AresChannel::Loop::process(ares_socket_t readable, ares_socket_t writable) {
  if (channel_ == nullptr) return;
  ares_process_fd(channel_, readable, writable);
  arm_timer();
}

AresChannel::AresChannel(boost::asio::io_context& context, const AresSettings& settings)
    : loop_(std::make_shared<Loop>(context)) {
  initialize_library();
  loop_->start(settings);
}

AresChannel::~AresChannel() {
  loop_->stop();
}

void AresChannel::send(std::span<const std::uint8_t> message, ares_callback callback,
                       void* argument) {
  ares_send(loop_->channel(), message.data(), static_cast<int>(message.size()), callback, argument);
  loop_->arm_timer();
}

void AresChannel::resolve(const std::string& host, ares_addrinfo_callback callback,
                          void* argument) {
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  ares_getaddrinfo(loop_->channel(), host.c_str(), nullptr, &hints, callback, argument);
  loop_->arm_timer();
}

std::string ares_error_text(int status) {
  return ares_strerror(status);
}

}  // namespace sluice::proxy
