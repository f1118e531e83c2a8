// SPDX-License-Identifier: Apache-2.0
#include "proxy/host_resolver.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netinet/in.h>

#include "proxy/log.hpp"
#include "proxy/upstream_ares.hpp"

namespace sluice::proxy {
namespace {

using boost::asio::ip::tcp;
using std::chrono::seconds;
using Addresses = std::vector<tcp::endpoint>;

/// However short the TTL is: also the pause after a failure.
constexpr int min_ttl = 1;
/// However long the TTL is; also for the hosts file, which has none.
constexpr int max_ttl = 60;

struct AddressListDeleter {
  void operator()(ares_addrinfo* list) const { ares_freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<ares_addrinfo, AddressListDeleter>;

boost::asio::ip::address to_address(const ares_addrinfo_node& node) {
  if (node.ai_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, node.ai_addr, sizeof(address));
    return boost::asio::ip::address_v4(ntohl(address.sin_addr.s_addr));
  }
  sockaddr_in6 address{};
  std::memcpy(&address, node.ai_addr, sizeof(address));
  boost::asio::ip::address_v6::bytes_type octets;
  std::memcpy(octets.data(), &address.sin6_addr, octets.size());
  return boost::asio::ip::address_v6(octets, address.sin6_scope_id);
}

}  // namespace

/// One endpoint's name.
class HostResolver::Host {
 public:
  Host(boost::asio::io_context& context, config::Endpoint endpoint, const std::string& servers)
      : endpoint_(std::move(endpoint)), timer_(context), channel_(context, {.servers = servers}) {}

  /// `found` is called with each new set of addresses.
  void start(std::function<void(const Addresses&)> found) {
    found_ = std::move(found);
    resolve_after(seconds(0));
  }

 private:
  void resolve_after(seconds pause);
  static void on_resolved(void* self, int status, int timeouts, ares_addrinfo* list);
  void take(const ares_addrinfo& list);

  config::Endpoint endpoint_;
  std::function<void(const Addresses&)> found_;
  Addresses addresses_;
  std::shared_ptr<Host*> self_ = std::make_shared<Host*>(this);
  boost::asio::steady_timer timer_;
  AresChannel channel_;  // the first to go: it calls back, into an object that is still whole
};

void HostResolver::Host::resolve_after(seconds pause) {
  timer_.expires_after(pause);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error) (*self)->channel_.resolve((*self)->endpoint_.address, on_resolved, *self);
  });
}

void HostResolver::Host::on_resolved(void* self, int status, int /*timeouts*/,
                                     ares_addrinfo* list) {
  const AddressList owned(list);
  if (status == ARES_EDESTRUCTION) return;
  auto& host = *static_cast<Host*>(self);
  if (status == ARES_SUCCESS && owned) return host.take(*owned);
  log::warn("cannot resolve the host name of an upstream endpoint",
            {{"host", host.endpoint_.address}, {"reason", ares_error_text(status)}});
  host.resolve_after(seconds(min_ttl));
}

void HostResolver::Host::take(const ares_addrinfo& list) {
  Addresses found;
  int ttl = max_ttl;
  for (const ares_addrinfo_node* node = list.nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family != AF_INET && node->ai_family != AF_INET6) continue;
    found.emplace_back(to_address(*node), endpoint_.port);
    if (node->ai_ttl > 0) ttl = std::min(ttl, node->ai_ttl);
  }
  resolve_after(seconds(std::max(found.empty() ? min_ttl : ttl, min_ttl)));
  if (found.empty() || std::ranges::is_permutation(found, addresses_)) return;
  addresses_ = std::move(found);
  found_(addresses_);
}

HostResolver::HostResolver() = default;
HostResolver::~HostResolver() = default;

std::unique_ptr<HostResolver> HostResolver::follow(boost::asio::io_context& context,
                                                   const std::vector<config::Endpoint>& endpoints,
                                                   const Found& found, const std::string& servers) {
  if (std::ranges::none_of(endpoints, has_host_name)) return nullptr;
  std::unique_ptr<HostResolver> resolver(new HostResolver());  // NOLINT: its constructor is private
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (!has_host_name(endpoints[i])) continue;
    auto& host =
        *resolver->hosts_.emplace_back(std::make_unique<Host>(context, endpoints[i], servers));
    host.start([found, i](const Addresses& addresses) { found(i, addresses); });
  }
  return resolver;
}

bool has_host_name(const config::Endpoint& endpoint) {
  boost::system::error_code error;
  boost::asio::ip::make_address(endpoint.address, error);
  return error.failed();
}

}  // namespace sluice::proxy
