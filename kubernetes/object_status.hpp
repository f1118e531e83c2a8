// SPDX-License-Identifier: Apache-2.0
// The status of one object: what it should say, what it says, and what has to be written to get
// from one to the other, if anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "crds/manifest.hpp"
#include "kubernetes/condition.hpp"
#include "kubernetes/object.hpp"

namespace sluice::kubernetes {

/// What the status should say.
struct ObjectStatus {
  std::int64_t generation = 0;  ///< the metadata.generation that all of this is about
  std::vector<Condition> conditions;
  boost::json::object counts;  ///< `compiled`, `entryCount` and the like
};

/// Whether the same would be written of both where the same is there: how many nodes there are is
/// no reason to write.
bool is_same(const ObjectStatus& left, const ObjectStatus& right);

/// `metadata.generation`; 0 when there is none.
std::int64_t generation_of(const Object& object);
/// `status`; empty when there is none.
boost::json::object status_of(const Object& object);
/// The condition of that type in a status; nothing when there is none.
std::optional<Condition> find_condition(const boost::json::object& status, const std::string& type);

/// Whether the status says so of that generation.
bool has_condition(const boost::json::object& status, const std::string& type,
                   const std::string& value, std::int64_t generation);

/// The status to write where `current` is there; nothing when nothing but times, or how many nodes
/// there are, would change: that is written together with something else, since every status that
/// is written goes to every node. Parts of it that others write are none of our business. `now` is
/// RFC 3339: what conditions that change get for lastTransitionTime.
std::optional<boost::json::object> status_to_write(const boost::json::object& current,
                                                   const ObjectStatus& wanted,
                                                   const std::string& now);

/// The body of a server-side apply of the status.
std::string status_patch(const crds::ObjectKey& key, const boost::json::object& status);
/// Where it goes, as PATCH with content type application/apply-patch+yaml.
std::string status_target(const crds::ObjectKey& key);

}  // namespace sluice::kubernetes
