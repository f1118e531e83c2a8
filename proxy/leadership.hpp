// SPDX-License-Identifier: Apache-2.0
// kubernetes::Election's steps, done over a connection of their own.
#pragma once

#include <functional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "kubernetes/connection.hpp"
#include "kubernetes/election.hpp"

namespace sluice::proxy {

/// Lives on one executor, which runs no longer than it lives.
class Leadership {
 public:
  struct Settings {
    kubernetes::LeaseName lease;
    kubernetes::ElectionSettings election;
  };

  /// `on_elected` is called whenever we begin to lead.
  Leadership(const boost::asio::any_io_executor& executor, kubernetes::Credentials& credentials,
             Settings settings, std::function<void()> on_elected);

  /// Once.
  void start();
  /// Gives the Lease up, if we have it, and calls `done`; not for longer than a request takes.
  void release(std::function<void()> done);

  [[nodiscard]] bool is_leader() const;
  /// As far as we know; empty for nobody.
  [[nodiscard]] std::string holder() const { return election_.holder(); }

 private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> sleep(kubernetes::TimePoint until);
  boost::asio::awaitable<void> read();
  boost::asio::awaitable<void> write(kubernetes::Lease lease);
  boost::asio::awaitable<void> give_up(std::function<void()> done);
  [[nodiscard]] kubernetes::ApiRequest make_request(const kubernetes::Lease& lease) const;
  void take_failure(const kubernetes::ApiFailure& failure);
  void tell_changes();

  Settings settings_;
  kubernetes::Election election_;
  kubernetes::ApiConnection connection_;
  boost::asio::steady_timer timer_;
  std::function<void()> on_elected_;
  bool was_leader_ = false;
  bool stopped_ = false;
  unsigned failures_ = 0;  ///< in a row
};

}  // namespace sluice::proxy
