// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/lease.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

#include <boost/json/serialize.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

std::int64_t number(const json::object& around, const char* key) {
  const json::value* found = around.if_contains(key);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

/// `2026-01-31T12:00:00`.
std::string seconds_text(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return {text.data(), size};
}

}  // namespace

std::optional<Lease> read_lease(const json::object& object) {
  const json::object* metadata = find_object(object, "metadata");
  if (metadata == nullptr) return std::nullopt;
  Lease lease{.resource_version = std::string(find_string(*metadata, "resourceVersion"))};
  if (lease.resource_version.empty()) return std::nullopt;
  const json::object* spec = find_object(object, "spec");
  if (spec == nullptr) return lease;  // made by hand: nobody has it
  lease.holder = find_string(*spec, "holderIdentity");
  lease.duration = std::chrono::seconds(number(*spec, "leaseDurationSeconds"));
  lease.acquired = find_string(*spec, "acquireTime");
  lease.renewed = find_string(*spec, "renewTime");
  lease.transitions = static_cast<int>(number(*spec, "leaseTransitions"));
  return lease;
}

std::string lease_body(const LeaseName& name, const Lease& lease) {
  json::object metadata{{"namespace", name.namespace_name}, {"name", name.name}};
  if (!lease.resource_version.empty()) metadata["resourceVersion"] = lease.resource_version;
  json::object spec{{"leaseDurationSeconds", lease.duration.count()},
                    {"acquireTime", lease.acquired},
                    {"renewTime", lease.renewed},
                    {"leaseTransitions", lease.transitions}};
  // The API refuses an empty one.
  if (!lease.holder.empty()) spec["holderIdentity"] = lease.holder;
  return json::serialize(json::object{{"apiVersion", "coordination.k8s.io/v1"},
                                      {"kind", "Lease"},
                                      {"metadata", std::move(metadata)},
                                      {"spec", std::move(spec)}});
}

std::string leases_target(const LeaseName& name) {
  return "/apis/coordination.k8s.io/v1/namespaces/" + name.namespace_name + "/leases";
}

std::string lease_target(const LeaseName& name) {
  return leases_target(name) + '/' + name.name;
}

std::string micro_time(std::chrono::system_clock::time_point time) {
  const auto since_epoch =
      std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%06dZ",
                static_cast<int>(since_epoch % 1'000'000));
  return seconds_text(time) + fraction.data();
}

std::string whole_time(std::chrono::system_clock::time_point time) {
  return seconds_text(time) + 'Z';
}

}  // namespace sluice::kubernetes
