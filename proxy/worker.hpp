// SPDX-License-Identifier: Apache-2.0
// One thread's world: event loop, sockets, cache, queries under way, upstream connections,
// counters. Nothing else touches them; what comes from outside comes by post().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/settings.hpp"
#include "proxy/pipeline.hpp"
#include "proxy/stream_listener.hpp"
#include "proxy/tls_context.hpp"
#include "proxy/udp_listener.hpp"
#include "proxy/worker_upstreams.hpp"

namespace sluice::proxy {

/// The pipeline's share of the settings.
PipelineOptions pipeline_options(const config::Settings& settings, std::uint64_t hash_seed);

/// What all workers of the process have in common.
struct WorkerShare {
  std::size_t worker_count = 1;
  std::uint64_t hash_seed = 0;  ///< a secret: clients must not be able to make names collide
  RateLimiter& rates;           ///< outlives the workers
  const CertificateIdentity* certificates = nullptr;  ///< likewise
};

class Worker final : public ReplySink {
 public:
  /// `settings` outlives the worker.
  Worker(const config::Settings& settings, const WorkerShare& share);
  ~Worker() override;

  /// Opens listener `number` with `listener` (its port may have been chosen meanwhile) and returns
  /// the port, or says what is wrong. Before run().
  boost::system::result<std::uint16_t, std::string> listen(const config::Listener& listener,
                                                           std::uint16_t number,
                                                           std::optional<TlsServerContext> tls);
  /// Makes the upstreams' clients; what is wrong, if anything. Before run().
  std::vector<std::string> connect_upstreams(const std::vector<NumberedUpstream>& upstreams);

  /// Serves until stop(). On the thread that is to be the worker's.
  void run();

  //--- from any thread ------------------------------------------------------------------------
  /// From the next query on. `done` is called on the worker's thread.
  void set_clients(std::shared_ptr<const filters::ClientMap> clients, std::function<void()> done);
  /// The same for upstreams. To be called before the clients that are sent to them.
  void set_upstreams(const std::vector<NumberedUpstream>& upstreams);
  void set_tls(std::uint16_t listener, const TlsServerContext& tls);
  /// Takes no more connections, ends those that are there behind an answer, leaves queries over UDP
  /// to other sockets of the port, answers what is under way, then stops; at the latest after the
  /// drain timeout.
  void drain();
  [[nodiscard]] const WorkerCounters& counters() const { return counters_; }
  /// For one reader.
  [[nodiscard]] QueryLog& query_log() { return query_log_; }

 private:
  void reply(const Origin& origin, std::span<const std::uint8_t> message) override;
  void tick();
  void schedule_tick();
  void start_draining();
  void continue_draining(TimePoint now);
  void divert();
  [[nodiscard]] bool is_drained() const;
  void stop();

  const config::Settings& settings_;
  boost::asio::io_context context_{1};
  SteadyClock clock_;
  WorkerCounters counters_;
  Cache cache_;
  Inflight inflight_;
  QueryLog query_log_;
  Pipeline pipeline_;
  WorkerUpstreams upstreams_;
  StreamServices services_;
  StreamConnections connections_;
  std::vector<std::unique_ptr<UdpListener>>
      udp_listeners_;  ///< by number of the listener; null for streams
  std::vector<std::unique_ptr<StreamListener>> stream_listeners_;  ///< likewise
  boost::asio::steady_timer tick_timer_;
  std::optional<TimePoint> drain_started_;
  bool diverted_ = false;
};

}  // namespace sluice::proxy
