// SPDX-License-Identifier: Apache-2.0
// Certificates of listeners, and the authorities that their clients' are checked with. Whoever
// renews them replaces the files: connections to come get the new ones, those that are there keep
// what they have.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/settings.hpp"
#include "proxy/process_status.hpp"
#include "proxy/tls_context.hpp"

namespace sluice::proxy {

/// Lives on the control thread.
class ListenerCertificates {
 public:
  using Publish = std::function<void(std::uint16_t listener, const TlsServerContext& context)>;

  /// Certificates of a mesh live for an hour, and are renewed long before their end. Files are read
  /// and compared: no inode or time tells of a link somewhere in the path that was replaced.
  static constexpr std::chrono::seconds interval{5};

  /// `listeners` and `status`, which gets the time of expiry, outlive this.
  ListenerCertificates(boost::asio::io_context& control,
                       const std::vector<config::Listener>& listeners, ProcessStatus& status);

  /// For the first time.
  TlsResult<TlsServerContext> load(std::uint16_t listener);
  /// Publishes what has changed since, every `interval` from now on.
  void watch(Publish publish);
  /// The same, once and at once. Files that make no sense are logged, and change nothing.
  void refresh(const Publish& publish);

 private:
  using Contents = std::vector<std::optional<std::string>>;

  TlsResult<TlsServerContext> use(std::uint16_t listener, Contents contents);
  void wait();

  const std::vector<config::Listener>& listeners_;
  ProcessStatus& status_;
  boost::asio::steady_timer timer_;
  Publish publish_;
  std::map<std::uint16_t, Contents> seen_;
};

}  // namespace sluice::proxy
