// SPDX-License-Identifier: Apache-2.0
// How far each version of each policy has come on the nodes, from what nodes report.
//
// The API server tells everybody who watches a kind of the same changes in the same order. Each
// state in that order has a revision: a node's tells how far it is. So, for each kind:
//
//   change        1: a+   2: b+   3: a'   4: c+     here, the newest is 4
//   revision       r1      r2      r3      r4
//   node x says                    r3               it has a' and b, and c not yet
//   node y says                            r4       it has everything
//   node z says                                r9   not known here: not yet, or not any more
//
// An object's version is on a node whose state is not before the one that brought it. That costs a
// number for each object and each node, whatever the product of both.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crds/manifest.hpp"
#include "kubernetes/backoff.hpp"
#include "kubernetes/node_report.hpp"

namespace sluice::kubernetes {

/// Of one version of one object.
struct NodeProgress {
  std::size_t desired = 0;                ///< nodes that report
  std::size_t updated = 0;                ///< and serve it
  std::size_t failed = 0;                 ///< and have it, and do not serve it as it is written
  std::vector<std::string> failed_nodes;  ///< the first three
  TimePoint since;                        ///< when this version was first seen here
};

/// Not for several threads.
class Rollout {
 public:
  /// States of one kind that are remembered: minutes of the busiest cluster.
  static constexpr std::size_t max_states = 10'000;

  void take_policies(const ObjectType& type, const Changes& changes, TimePoint now);
  /// Of the Leases in report_resource(). Whether any node says something that it did not say
  /// before, or is new, or gone.
  bool take_reports(const Changes& changes, TimePoint now,
                    std::chrono::system_clock::time_point wall);
  /// Forgets nodes that have said nothing for too long. Whether there are any.
  bool expire(TimePoint now);

  /// For many calls of of().
  class Count {
   public:
    [[nodiscard]] NodeProgress of(const crds::ObjectKey& key) const;
    [[nodiscard]] std::size_t nodes() const { return nodes_; }
    /// Nodes that do not have everything that is known here.
    [[nodiscard]] std::size_t outdated() const { return outdated_; }

   private:
    friend class Rollout;
    explicit Count(const Rollout& rollout);
    const Rollout& rollout_;
    std::size_t nodes_ = 0;
    std::size_t outdated_ = 0;
    std::map<std::string, std::vector<std::uint64_t>> states_;  ///< of nodes, by kind; sorted
    /// By the path of the object: the node, and its state of the object's kind.
    std::map<std::string, std::vector<std::pair<std::string, std::uint64_t>>> refusals_;
  };
  /// As it is now. Must not outlive this, nor any change.
  [[nodiscard]] Count count() const { return Count(*this); }

 private:
  using Name = std::pair<std::string, std::string>;
  struct Since {
    std::uint64_t state = 0;
    TimePoint time;
  };
  struct Kind {
    Revision revision;
    std::uint64_t state = 0;                   ///< the number of the newest
    std::map<Revision, std::uint64_t> states;  ///< the newest number of each revision
    std::deque<Revision> order;                ///< the oldest first
    std::map<Name, Since> since;
  };
  struct Node {
    ReportedNode reported;
    TimePoint alive_until;
  };

  static void remember(Kind& kind);
  [[nodiscard]] std::uint64_t state_of(const Node& node, const std::string& kind) const;

  std::map<std::string, Kind> kinds_;
  std::map<std::string, Node> nodes_;  ///< by the name of the Lease
};

}  // namespace sluice::kubernetes
