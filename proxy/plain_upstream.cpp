// SPDX-License-Identifier: Apache-2.0
#include "proxy/plain_upstream.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "dns/message.hpp"

namespace sluice::proxy {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;

/// Queries unanswered at a time, per worker; the settings' max_in_flight bites before.
constexpr std::size_t max_queries = 16384;
/// So many source ports at least, under load, to each server.
constexpr std::size_t max_udp_channels = 16;
/// Two rounds through the servers, the second with twice the patience, ...
constexpr int rounds = 2;
constexpr int round_timeouts = 1 + 2;
/// ... are over before the pipeline gives up at 4 s.
constexpr milliseconds total_deadline{3500};

std::string to_csv(const std::vector<std::vector<tcp::endpoint>>& addresses) {
  std::ostringstream csv;
  for (const auto& each : addresses)
    for (const tcp::endpoint& address : each)
      csv << (csv.tellp() > 0 ? "," : "") << address;
  return csv.str();
}

void set_id(std::vector<std::uint8_t>& message, std::uint16_t id) {
  message[0] = static_cast<std::uint8_t>(id >> 8U);
  message[1] = static_cast<std::uint8_t>(id);
}

}  // namespace

struct PlainUpstream::Channel {
  Channel(boost::asio::io_context& context, const AresSettings& settings)
      : ares(context, settings) {}

  std::size_t outstanding = 0;
  AresChannel ares;
};

/// Owned by c-ares, as the argument of its callback, while it is under way.
struct PlainUpstream::Request {
  PlainUpstream* owner;
  Channel* channel;
  std::uint64_t token;
  TimePoint accepted;
  std::vector<std::uint8_t> message;
  bool is_second_try = false;
};

PlainUpstream::PlainUpstream(boost::asio::io_context& context, config::Upstream settings,
                             UpstreamHandler& handler, UpstreamCounters& counters)
    : context_(context),
      settings_(std::move(settings)),
      counters_(counters),
      report_(context, handler, counters),
      addresses_(settings_.endpoints.size()),
      resolver_(HostResolver::follow(
          context, settings_.endpoints,
          [this](std::size_t endpoint, const std::vector<tcp::endpoint>& found) {
            set_addresses(endpoint, found);
          })) {
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    const config::Endpoint& endpoint = settings_.endpoints[i];
    if (has_host_name(endpoint)) continue;
    addresses_[i] = {{boost::asio::ip::make_address(endpoint.address), endpoint.port}};
  }
}

PlainUpstream::~PlainUpstream() = default;

void PlainUpstream::send(std::uint64_t token, std::span<const std::uint8_t> query) {
  drop_idle_retired();
  if (outstanding_ >= max_queries) return report_.failure(token, UpstreamFailure::overloaded);
  if (std::ranges::all_of(addresses_, [](const auto& each) { return each.empty(); }))
    return report_.failure(token, UpstreamFailure::unreachable);
  auto request = std::make_unique<Request>();
  request->owner = this;
  request->token = token;
  request->accepted = std::chrono::steady_clock::now();
  request->message.assign(query.begin(), query.end());
  const bool tcp = settings_.transport == config::UpstreamTransport::tcp;
  start(std::move(request), tcp ? tcp_channel() : udp_channel());
}

void PlainUpstream::set_addresses(std::size_t endpoint,
                                  const std::vector<tcp::endpoint>& addresses) {
  addresses_[endpoint] = addresses;
  std::ranges::move(udp_, std::back_inserter(retired_));
  udp_.clear();
  if (tcp_) retired_.push_back(std::move(tcp_));
}

AresSettings PlainUpstream::channel_settings(config::UpstreamTransport transport) const {
  std::size_t servers = 0;
  for (const auto& each : addresses_)
    servers += each.size();
  AresSettings made;
  made.servers = to_csv(addresses_);
  // Whatever the RCODE, it is an answer. EDNS makes c-ares take UDP answers over 512 octets; the
  // OPT record is in the query already. Its other effect, cutting an OPT off after FORMERR, is
  // right for an OPT without options, which is what the pipeline sends.
  made.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS;
  if (transport == config::UpstreamTransport::tcp) made.flags |= ARES_FLAG_USEVC;
  made.timeout = std::min(settings_.attempt_timeout,
                          total_deadline / (round_timeouts * static_cast<int>(servers)));
  made.tries = rounds;
  made.rotation = settings_.policy == config::UpstreamPolicy::round_robin ? AresRotation::in_turn
                                                                          : AresRotation::in_order;
  return made;
}

PlainUpstream::Channel& PlainUpstream::udp_channel() {
  const auto idle = std::ranges::find(udp_, 0U, &Channel::outstanding);
  if (idle != udp_.end()) return **idle;
  if (udp_.size() == max_udp_channels) return *udp_[random_.next() % udp_.size()];
  udp_.push_back(
      std::make_unique<Channel>(context_, channel_settings(config::UpstreamTransport::udp)));
  return *udp_.back();
}

PlainUpstream::Channel& PlainUpstream::tcp_channel() {
  if (!tcp_)
    tcp_ = std::make_unique<Channel>(context_, channel_settings(config::UpstreamTransport::tcp));
  return *tcp_;
}

void PlainUpstream::start(std::unique_ptr<Request> request, Channel& channel) {
  set_id(request->message, random_.next());
  request->channel = &channel;
  ++channel.outstanding;
  ++outstanding_;
  Request* argument = request.release();
  channel.ares.send(argument->message, on_done, argument);
}

// NOLINTNEXTLINE(readability-function-size): c-ares says what its callbacks look like
void PlainUpstream::on_done(void* argument, int status, int /*timeouts*/, unsigned char* answer,
                            int size) {
  std::unique_ptr<Request> request(static_cast<Request*>(argument));
  if (status == ARES_EDESTRUCTION) return;
  PlainUpstream& owner = *request->owner;
  Channel& channel = *request->channel;
  owner.finish(std::move(request), status, {answer, static_cast<std::size_t>(size)});
  // Last: a channel that looks idle may be destroyed, which its own callback must not cause.
  --channel.outstanding;
  --owner.outstanding_;
}

void PlainUpstream::finish(std::unique_ptr<Request> request, int status,
                           std::span<const std::uint8_t> answer) {
  if (status != ARES_SUCCESS)
    return report_.failure(request->token, status == ARES_ETIMEOUT ? UpstreamFailure::timed_out
                                                                   : UpstreamFailure::unreachable);
  if (dns::is_answer_to(answer, request->message))
    return report_.answer(request->token, answer,
                          std::chrono::steady_clock::now() - request->accepted);
  counters_.mismatched_answers.add();
  if (request->is_second_try) return report_.failure(request->token, UpstreamFailure::unreachable);
  // c-ares has let the query go. Over TCP nobody on the side can answer in the server's place.
  request->is_second_try = true;
  counters_.retries.add();
  start(std::move(request), tcp_channel());
}

void PlainUpstream::drop_idle_retired() {
  std::erase_if(retired_, [](const auto& channel) { return channel->outstanding == 0; });
}

}  // namespace sluice::proxy
