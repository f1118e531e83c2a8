// SPDX-License-Identifier: Apache-2.0
#include "proxy/dot_upstream_endpoint.hpp"

#include <algorithm>
#include <utility>

namespace sluice::proxy {
namespace {

/// Per worker. One does for a server that answers out of order; the others get around those that do
/// not.
constexpr std::size_t max_connections = 8;

bool is_usable(const DotConnection& connection) {
  return connection.state() == DotConnection::State::ready && !connection.is_retired();
}

bool meets(const DotConnection& connection, const DotDemand& demand) {
  return is_usable(connection) && &connection != demand.avoided &&
         connection.has_room(demand.message_size) &&
         connection.silence(demand.now) <= demand.max_silence;
}

}  // namespace

DotEndpoint::DotEndpoint(std::size_t index, std::string text, std::string certificate_name)
    : index_(index), text_(std::move(text)), certificate_name_(std::move(certificate_name)) {}

void DotEndpoint::set_addresses(std::vector<Address> addresses) {
  addresses_ = std::move(addresses);
  next_address_ = 0;
  for (const auto& connection : connections_)
    if (std::ranges::find(addresses_, connection->address()) == addresses_.end())
      connection->retire();
}

DotConnection* DotEndpoint::pick(const DotDemand& demand) const {
  DotConnection* best = nullptr;
  for (const auto& connection : connections_) {
    if (!meets(*connection, demand)) continue;
    if (best == nullptr || connection->outstanding() < best->outstanding()) best = connection.get();
  }
  return best;
}

bool DotEndpoint::may_open(TimePoint now) const {
  return !addresses_.empty() && !is_opening() && health_.may_try(now) &&
         connections_.size() < max_connections;
}

bool DotEndpoint::is_opening() const {
  return std::ranges::any_of(connections_, [](const auto& connection) {
    return connection->state() == DotConnection::State::opening;
  });
}

bool DotEndpoint::is_connected() const {
  return std::ranges::any_of(connections_,
                             [](const auto& connection) { return is_usable(*connection); });
}

DotConnection& DotEndpoint::add(boost::asio::io_context& context, DotConnectionOwner& owner) {
  connections_.push_back(std::make_shared<DotConnection>(context, owner, index_));
  return *connections_.back();
}

DotEndpoint::Address DotEndpoint::next_address() {
  return addresses_[next_address_++ % addresses_.size()];
}

void DotEndpoint::remove(const DotConnection& connection) {
  std::erase_if(connections_, [&](const auto& kept) { return kept.get() == &connection; });
}

}  // namespace sluice::proxy
