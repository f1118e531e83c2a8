// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/status_event.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include <boost/json/serialize.hpp>

#include "config/yaml.hpp"
#include "crds/group.hpp"
#include "kubernetes/object_status.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

/// What the API allows; a text that is cut gets three dots more.
constexpr std::size_t max_note = 1024;
constexpr std::size_t max_instance = 128;
constexpr std::size_t max_name_stem = 200;  // of 253, with a hash behind it

/// FNV-1a: the same in every process, so that the next leader counts up the same Event.
std::uint64_t hash(const std::string& text) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char c : text)
    value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return value;
}

std::string event_name(const Object& object, const std::string& reason) {
  std::array<char, 20> digits{};
  std::snprintf(digits.data(), digits.size(), ".%016llx",
                static_cast<unsigned long long>(hash(object.uid + '/' + reason)));
  std::string stem = object.name.substr(0, max_name_stem);
  while (stem.ends_with('.') || stem.ends_with('-'))
    stem.pop_back();
  return stem + digits.data();
}

json::object regarding(const crds::ObjectKey& key, const Object& object) {
  json::object reference{{"apiVersion", crds::api_version},
                         {"kind", key.kind},
                         {"name", key.name},
                         {"uid", object.uid},
                         {"resourceVersion", object.resource_version}};
  if (!key.namespace_name.empty()) reference["namespace"] = key.namespace_name;
  return reference;
}

}  // namespace

std::optional<Condition> event_of(const json::object& before, const json::object& after) {
  const auto is = find_condition(after, "Ready");
  const auto was = find_condition(before, "Ready");
  if (!is) return std::nullopt;
  const bool was_wrong = was && was->status == "False";
  // While nodes take a version over nobody knows whether it is ready; that it is right is known.
  if (is->status != "False") return was_wrong ? is : std::nullopt;
  return was_wrong && was->reason == is->reason ? std::nullopt : is;
}

EventRequest EventSeries::add(const crds::ObjectKey& key, const Object& object,
                              const Condition& condition, const EventReporter& reporter) {
  // Events about objects without a namespace are in `default`.
  const std::string namespace_name = key.namespace_name.empty() ? "default" : key.namespace_name;
  EventRequest request{.name = event_name(object, condition.reason),
                       .target = "/apis/events.k8s.io/v1/namespaces/" + namespace_name + "/events"};
  const auto [known, is_new] = counts_.emplace(request.name, 0);
  const int count = ++known->second;
  request.is_known = !is_new;
  if (is_new) names_.push_back(request.name);
  if (names_.size() > max_known) {
    counts_.erase(names_.front());
    names_.pop_front();
  }
  request.body = json::serialize(
      json::object{{"apiVersion", "events.k8s.io/v1"},
                   {"kind", "Event"},
                   {"metadata", {{"name", request.name}, {"namespace", namespace_name}}},
                   {"eventTime", reporter.now},
                   {"reportingController", "sluice.dev/controller"},
                   {"reportingInstance", config::printable(reporter.instance, max_instance - 3)},
                   {"action", "Judge"},
                   {"type", condition.status == "False" ? "Warning" : "Normal"},
                   {"reason", condition.reason},
                   {"regarding", regarding(key, object)},
                   {"note", config::printable(condition.message, max_note - 3)}});
  // A series has at least two.
  request.series_body = json::serialize(json::object{
      {"series", {{"count", std::max(count, 2)}, {"lastObservedTime", reporter.now}}}});
  return request;
}

}  // namespace sluice::kubernetes
