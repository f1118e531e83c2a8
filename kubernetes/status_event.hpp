// SPDX-License-Identifier: Apache-2.0
// events.k8s.io/v1 about the status of objects: told when something becomes wrong or right again,
// for `kubectl describe`. The same of the same object is one Event that is counted up.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "crds/manifest.hpp"
#include "kubernetes/condition.hpp"
#include "kubernetes/object.hpp"

namespace sluice::kubernetes {

/// What is worth an Event when the status of an object changes from `before` to `after`: the Ready
/// condition, if it became False, has another reason for it, or is False no more. That a new object
/// is right is no news.
std::optional<Condition> event_of(const boost::json::object& before,
                                  const boost::json::object& after);

/// Who reports, and when.
struct EventReporter {
  std::string instance;  ///< of us: the pod's name
  std::string now;       ///< micro-time
};

/// A request that makes or counts up an Event.
struct EventRequest {
  std::string name;
  std::string target;       ///< of all Events of the namespace, for a POST
  std::string body;         ///< of the POST
  std::string series_body;  ///< of a merge patch of `target`/`name`, if it is there already
  bool is_known = false;    ///< we have made it: begin with the patch
};

/// Counts Events by object and reason. Its memory is bounded: of what was forgotten the server
/// knows.
class EventSeries {
 public:
  EventRequest add(const crds::ObjectKey& key, const Object& object, const Condition& condition,
                   const EventReporter& reporter);

 private:
  static constexpr std::size_t max_known = 4096;
  std::map<std::string, int> counts_;  ///< by name
  std::deque<std::string> names_;      ///< oldest first
};

}  // namespace sluice::kubernetes
