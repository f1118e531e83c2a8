// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object_status.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "crds/group.hpp"
#include "kubernetes/json_access.hpp"
#include "kubernetes/policy_kinds.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

/// All that ObjectStatus::counts may hold: what is not in there any more is taken away.
constexpr std::array count_names = {"compiled", "namespaceCount", "filterCount", "entryCount",
                                    "invalidEntryCount"};

const json::object* find_json(const json::object& status, const std::string& type) {
  const json::value* conditions = status.if_contains("conditions");
  if (conditions == nullptr || !conditions->is_array()) return nullptr;
  for (const json::value& condition : conditions->get_array()) {
    const json::object* found = condition.if_object();
    if (found != nullptr && find_string(*found, "type") == type) return found;
  }
  return nullptr;
}

std::int64_t number(const json::object& around, const char* key) {
  const json::value* found = around.if_contains(key);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

Condition read(const json::object& condition) {
  return {std::string(find_string(condition, "type")),
          std::string(find_string(condition, "status")),
          std::string(find_string(condition, "reason")),
          std::string(find_string(condition, "message"))};
}

bool says(const json::object& status, const Condition& wanted, std::int64_t generation) {
  const json::object* found = find_json(status, wanted.type);
  return found != nullptr && read(*found) == wanted &&
         number(*found, "observedGeneration") == generation;
}

bool has_same_counts(const json::object& status, const json::object& wanted) {
  return std::ranges::all_of(count_names, [&](const char* name) {
    const json::value* is = status.if_contains(name);
    const json::value* should = wanted.if_contains(name);
    if (is == nullptr || should == nullptr) return is == should;
    return *is == *should;
  });
}

bool is_wanted(const std::vector<Condition>& conditions, const std::string& type) {
  return std::ranges::find(conditions, type, &Condition::type) != conditions.end();
}

bool is_same(const json::object& current, const ObjectStatus& wanted) {
  const auto is_there = [&](const Condition& condition) {
    return says(current, condition, wanted.generation);
  };
  const auto is_left_over = [&](const char* type) {
    return find_json(current, type) != nullptr && !is_wanted(wanted.conditions, type);
  };
  return number(current, "observedGeneration") == wanted.generation &&
         has_same_counts(current, wanted.counts) &&
         std::ranges::all_of(wanted.conditions, is_there) &&
         std::ranges::none_of(condition_types(), is_left_over);
}

/// The time of the condition that is there, while its status stays the same.
std::string transition_time(const json::object& current, const Condition& wanted,
                            const std::string& now) {
  const json::object* found = find_json(current, wanted.type);
  if (found == nullptr || find_string(*found, "status") != wanted.status) return now;
  const auto since = find_string(*found, "lastTransitionTime");
  return since.empty() ? now : std::string(since);
}

}  // namespace

bool is_same(const ObjectStatus& left, const ObjectStatus& right) {
  return left.generation == right.generation && left.conditions == right.conditions &&
         has_same_counts(left.counts, right.counts);
}

std::int64_t generation_of(const Object& object) {
  return object.generation;
}

json::object status_of(const Object& object) {
  const json::object json = object.json();
  const json::object* status = find_object(json, "status");
  return status == nullptr ? json::object() : *status;
}

std::optional<Condition> find_condition(const json::object& status, const std::string& type) {
  const json::object* found = find_json(status, type);
  if (found == nullptr) return std::nullopt;
  return read(*found);
}

bool has_condition(const json::object& status, const std::string& type, const std::string& value,
                   std::int64_t generation) {
  const json::object* found = find_json(status, type);
  return found != nullptr && find_string(*found, "status") == value &&
         number(*found, "observedGeneration") == generation;
}

std::optional<json::object> status_to_write(const json::object& current, const ObjectStatus& wanted,
                                            const std::string& now) {
  if (is_same(current, wanted)) return std::nullopt;
  json::object status = wanted.counts;
  status["observedGeneration"] = wanted.generation;
  json::array& conditions = status["conditions"].emplace_array();
  for (const Condition& condition : wanted.conditions) {
    conditions.push_back(
        json::object{{"type", condition.type},
                     {"status", condition.status},
                     {"observedGeneration", wanted.generation},
                     {"lastTransitionTime", transition_time(current, condition, now)},
                     {"reason", condition.reason},
                     {"message", condition.message}});
  }
  return status;
}

std::string status_patch(const crds::ObjectKey& key, const json::object& status) {
  json::object metadata{{"name", key.name}};
  if (!key.namespace_name.empty()) metadata["namespace"] = key.namespace_name;
  return json::serialize(json::object{{"apiVersion", crds::api_version},
                                      {"kind", key.kind},
                                      {"metadata", std::move(metadata)},
                                      {"status", status}});
}

std::string status_target(const crds::ObjectKey& key) {
  return object_path(key) + "/status?fieldManager=sluice-controller&force=true";
}

}  // namespace sluice::kubernetes
