// SPDX-License-Identifier: Apache-2.0
// Writes to the API server what the status of objects should say, where it does not say so, as long
// as we lead. One object after the other, at a bounded rate: nothing waits for a status.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "kubernetes/connection.hpp"
#include "kubernetes/object_status.hpp"
#include "kubernetes/policy_watch.hpp"
#include "kubernetes/status_event.hpp"
#include "kubernetes/write_limit.hpp"

namespace sluice::proxy {

/// Since the start.
struct StatusWriterCounters {
  std::uint64_t written = 0;
  std::uint64_t gone = 0;       ///< the object had been deleted meanwhile
  std::uint64_t conflicts = 0;  ///< tried again with what is there then
  std::uint64_t failed = 0;     ///< tried again later
  std::uint64_t events_written = 0;
  std::uint64_t events_failed = 0;  ///< not tried again
};

/// Lives on one executor, which runs no longer than it lives.
class StatusWriter {
 public:
  using Wanted = std::map<crds::ObjectKey, kubernetes::ObjectStatus>;

  struct Surroundings {
    kubernetes::Credentials& credentials;
    const kubernetes::PolicyWatch& watch;  ///< where objects are looked up
    std::function<bool()> is_leader;
    std::string identity;  ///< ours, in Events
  };

  /// All of `surroundings` must outlive this.
  StatusWriter(const boost::asio::any_io_executor& executor, Surroundings surroundings);

  /// Once.
  void start();
  void stop();

  /// What the status of all objects should say from now on.
  void want(Wanted wanted);
  /// The object has changed: its status may not say any more what it should.
  void touch(const crds::ObjectKey& key);
  /// We lead: begin with all that is not as it should be.
  void begin();

  [[nodiscard]] const StatusWriterCounters& counters() const { return counters_; }
  [[nodiscard]] std::size_t pending() const { return queue_.size(); }

 private:
  /// What the last write of an object came to, until the watch has it too.
  struct Written {
    std::string base_version;  ///< of the object that it was made for
    boost::json::object status;
  };
  struct Change {
    crds::ObjectKey key;
    kubernetes::ObjectPointer object;
    boost::json::object before;
    boost::json::object after;
  };

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> sleep(std::chrono::milliseconds duration);
  boost::asio::awaitable<void> write(const Change& change);
  boost::asio::awaitable<void> tell(const Change& change);
  boost::asio::awaitable<kubernetes::ApiResult<std::string>> send(
      const kubernetes::ApiRequest& request);
  std::chrono::milliseconds take_failure(const crds::ObjectKey& key,
                                         const kubernetes::ApiFailure& failure);
  [[nodiscard]] std::set<crds::ObjectKey> find_news(const Wanted& wanted) const;
  [[nodiscard]] std::optional<Change> find_change(const crds::ObjectKey& key);
  void enqueue(const crds::ObjectKey& key);
  void hurry(const std::set<crds::ObjectKey>& news);

  Surroundings surroundings_;
  kubernetes::ApiConnection connection_;
  boost::asio::steady_timer timer_;
  kubernetes::WriteLimit limit_;
  kubernetes::Backoff backoff_;
  kubernetes::EventSeries series_;
  Wanted wanted_;
  std::map<crds::ObjectKey, Written> written_;
  /// The version in which an object says what it should. It is not read again: all statuses are
  /// wanted anew whenever one of them is, and reading ten thousand takes half a second.
  std::map<crds::ObjectKey, std::string> settled_;
  std::deque<crds::ObjectKey> queue_;
  std::set<crds::ObjectKey> queued_;  ///< the same
  StatusWriterCounters counters_;
  bool is_idle_ = false;
  bool stopped_ = false;
};

}  // namespace sluice::proxy
