// SPDX-License-Identifier: Apache-2.0
// The life of a query, without sockets and threads: packet + client + policy + now -> answer,
// forward or drop. Workers, scenario tests, fuzzers and benchmarks all call this. The steps, in the
// words of docs/life-of-a-query.md:
//
//   accept -> identify -> admit -> judge -> cache -> forward ... inspect -> answer -> record
//
// A query that had to wait is judged again when its answer is there, under the policy of that
// moment: no answer ever mixes two policies, and a change takes effect on what is under way.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dns/answer.hpp"
#include "filters/client_map.hpp"
#include "proxy/cache.hpp"
#include "proxy/clock.hpp"
#include "proxy/counters.hpp"
#include "proxy/failure_cache.hpp"
#include "proxy/inflight.hpp"
#include "proxy/newcomers.hpp"
#include "proxy/query_log.hpp"
#include "proxy/rate_limiter.hpp"
#include "proxy/response.hpp"
#include "proxy/upstream.hpp"

namespace sluice::proxy {

/// Takes answers to queries that had to wait.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  /// The message is valid during the call only.
  virtual void reply(const Origin& origin, std::span<const std::uint8_t> message) = 0;
};

struct PipelineOptions {
  ResponseLimits response;
  dns::StoreOptions ttl;  ///< caps; `dnssec_ok` follows each query
  std::chrono::milliseconds query_timeout{4000};
  std::chrono::milliseconds hold_unknown{0};  ///< how long a client may stay unknown; 0: not at all
  std::uint64_t hash_seed = 0;
};

/// Belongs to one worker's thread. Allocates nothing per query after warm-up and throws nothing.
class Pipeline final : public UpstreamHandler {
 public:
  /// What the pipeline works with; all of it outlives the pipeline.
  struct Parts {
    Cache& cache;
    Inflight& inflight;
    WorkerCounters& counters;
    const Clock& clock;
    ReplySink& replies;
    RateLimiter& rates;  ///< shared with the other workers
    QueryLog& query_log;
  };
  Pipeline(const PipelineOptions& options, const Parts& parts);

  /// By number, as TenantService means them. Numbers never change their meaning while queries wait.
  void set_upstreams(std::vector<Upstream*> upstreams) { upstreams_ = std::move(upstreams); }
  /// Takes effect with the next query, and for those that wait.
  void set_clients(std::shared_ptr<const filters::ClientMap> clients);

  /// What became of a message.
  struct Handled {
    std::size_t size = 0;  ///< of the answer in `out`; 0: none
    bool waits = false;    ///< the answer comes through the ReplySink, later
  };
  /// Deals with one message from a client.
  Handled handle(std::span<const std::uint8_t> packet, const Origin& origin, TimePoint now,
                 std::span<std::uint8_t> out);

  void on_answer(std::uint64_t token, std::span<const std::uint8_t> message) override;
  void on_failure(std::uint64_t token, UpstreamFailure failure) override;

  /// Tells those who waited too long. To be called every 100 ms or so while has_waiting().
  void expire(TimePoint now);
  [[nodiscard]] bool has_waiting() const {
    return parts_.inflight.waiting() != 0 || newcomers_.size() != 0;
  }

 private:
  /// One query with its client, on its way through the steps.
  struct Asked {
    const dns::Query& query;
    const Origin& origin;
    const filters::Client& client;
    TimePoint received;
    TimePoint now;
    std::span<std::uint8_t> out;

    [[nodiscard]] Response response(const ResponseLimits& limits) const {
      return {query, origin.transport, limits, out};
    }
  };
  /// An answer that is there, and how it is to be served.
  struct Stored {
    const CacheKey& key;
    const dns::AnswerView& answer;
    dns::TtlPolicy ttl;
    AnswerSource source;
  };
  /// What a waiting query is told when its time has come.
  struct Outcome {
    const CacheKey* key = nullptr;            ///< of the flight that ended
    const dns::AnswerView* answer = nullptr;  ///< null: it failed
    dns::ExtendedError error;                 ///< why
  };

  Handled drop(DropReason reason);
  std::size_t reject(std::span<const std::uint8_t> packet, RejectReason reason, dns::Rcode rcode,
                     std::span<std::uint8_t> out);
  std::size_t refuse_question(const dns::Query& query, const Origin& origin, RejectReason reason,
                              std::span<std::uint8_t> out);
  std::size_t refuse_stranger(const dns::Query& query, const Origin& origin,
                              std::span<std::uint8_t> out);
  std::size_t identify(const dns::Query& query, const Origin& origin, TimePoint now,
                       std::span<std::uint8_t> out);
  [[nodiscard]] const filters::Client* find_client(const Origin& origin) const;
  bool serve_newcomer(const WaitingQuery& waiting, TimePoint now);
  void refuse_newcomer(const WaitingQuery& waiting);
  std::size_t admit(const Asked& asked);

  [[nodiscard]] bool may_ask(const Asked& asked) const;
  std::size_t refuse_excess(const Asked& asked);

  std::size_t resolve(const Asked& asked);
  filters::Verdict judge(const Asked& asked);
  std::optional<std::size_t> answer_by_policy(const Asked& asked, const filters::Verdict& verdict);
  std::size_t deny(const Asked& asked, const filters::Verdict& verdict);

  [[nodiscard]] CacheKey key_for(const Asked& asked, const filters::Verdict& verdict) const;
  [[nodiscard]] CacheKey stand_in_key(const Asked& asked, const filters::Verdict& verdict) const;
  std::size_t look_up(const Asked& asked, const filters::Verdict& verdict, const CacheKey& key);
  std::size_t forward(const Asked& asked, const filters::Verdict& verdict, const CacheKey& key,
                      bool has_stale);
  [[nodiscard]] bool should_serve_stale(const CacheKey& key, std::uint64_t key_hash,
                                        TimePoint now) const;
  void refresh(const CacheKey& key, std::uint64_t key_hash, TimePoint now);
  void send(const CacheKey& key, Inflight::Token token);
  void finish(Inflight::Token token, const dns::AnswerView* answer,
              const dns::ExtendedError& error);
  void conclude(const WaitingQuery& waiting, const Outcome& outcome, TimePoint now);
  std::size_t conclude(const Asked& asked, const Outcome& outcome);

  std::size_t answer_hit(const Asked& asked, const filters::Verdict& verdict, const CacheKey& key,
                         const CacheHit& hit);
  std::size_t answer_stored(const Asked& asked, const filters::Verdict& verdict,
                            const Stored& stored);
  std::size_t answer_for_hidden(const Asked& asked, const filters::Verdict& verdict,
                                const Stored& stored);
  std::size_t tell(const Asked& asked, const filters::Verdict& verdict, const Stored& stored,
                   const filters::CompiledRule* strips);
  std::size_t fail(const Asked& asked, const filters::Verdict& verdict,
                   const dns::ExtendedError& error);

  void record(const Asked& asked, const filters::Verdict& verdict, AnswerSource source);
  void log(const Asked& asked, const filters::Verdict& verdict, AnswerSource source);

  static constexpr std::size_t max_message_size = 65535;

  PipelineOptions options_;
  Parts parts_;
  std::vector<Upstream*> upstreams_;
  std::shared_ptr<const filters::ClientMap> clients_;
  FailureCache failures_;
  Newcomers newcomers_;
  filters::DecisionTrail trail_;  ///< of the query that is being dealt with
  std::array<std::uint8_t, max_message_size> late_answer_;  ///< for those who waited
  std::array<std::uint8_t, dns::max_image_size> image_;     ///< of an upstream's answer
  std::array<std::uint8_t, max_message_size> scratch_;
  dns::RecordSet left_out_;  ///< of the answer that is being told
};

}  // namespace sluice::proxy
