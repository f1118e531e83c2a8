// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/node_report.hpp"

#include <ctime>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "kubernetes/json_access.hpp"
#include "kubernetes/lease.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

constexpr const char* in_force_key = "sluice.dev/in-force";
constexpr const char* refused_key = "sluice.dev/refused";
constexpr std::size_t max_refused = 50;
/// Of a name in the API; node names are shorter by far.
constexpr std::size_t max_name = 253;

std::string lease_name(const std::string& node) {
  return ("sluice-node-" + node).substr(0, max_name);
}

std::string in_force_text(const Revisions& revisions) {
  json::object texts;
  for (const auto& [kind, revision] : revisions)
    texts[kind] = revision.text();
  return json::serialize(texts);
}

std::string refused_text(const std::set<std::string>& refused) {
  json::array paths;
  for (const std::string& path : refused) {
    if (paths.size() == max_refused) break;
    paths.emplace_back(path);
  }
  return json::serialize(paths);
}

Revisions read_revisions(std::string_view text) {
  Revisions revisions;
  const auto texts = parse_object(text);
  if (!texts) return revisions;
  for (const auto& [kind, revision] : *texts) {
    const auto* digits = revision.if_string();
    if (digits == nullptr) continue;
    if (const auto read = Revision::from_text({digits->data(), digits->size()}))
      revisions[kind] = *read;
  }
  return revisions;
}

std::set<std::string> read_refused(std::string_view text) {
  std::set<std::string> refused;
  boost::system::error_code error;
  const auto parsed = json::parse({text.data(), text.size()}, error, {}, parse_options());
  if (error || !parsed.is_array()) return refused;
  for (const auto& path : parsed.get_array()) {
    if (path.is_string() && refused.size() < max_refused)
      refused.emplace(path.get_string().data(), path.get_string().size());
  }
  return refused;
}

/// Fractions of a second do not matter here.
std::chrono::system_clock::time_point read_time(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  if (strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return {};
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

}  // namespace

std::string report_target(const NodeIdentity& identity) {
  return lease_target({identity.namespace_name, lease_name(identity.node)}) +
         "?fieldManager=sluice-agent&force=true";
}

std::string report_body(const NodeIdentity& identity, const NodeReport& report,
                        std::chrono::system_clock::time_point now) {
  json::object metadata{{"name", lease_name(identity.node)},
                        {"namespace", identity.namespace_name},
                        {"labels", {{"sluice.dev/report", "node"}}},
                        {"annotations",
                         {{in_force_key, in_force_text(report.in_force)},
                          {refused_key, refused_text(report.refused)}}}};
  if (!identity.pod_name.empty() && !identity.pod_uid.empty()) {
    metadata["ownerReferences"] = json::array{json::object{{"apiVersion", "v1"},
                                                           {"kind", "Pod"},
                                                           {"name", identity.pod_name},
                                                           {"uid", identity.pod_uid}}};
  }
  return json::serialize(json::object{{"apiVersion", "coordination.k8s.io/v1"},
                                      {"kind", "Lease"},
                                      {"metadata", std::move(metadata)},
                                      {"spec",
                                       {{"holderIdentity", identity.node},
                                        {"leaseDurationSeconds", report_duration.count()},
                                        {"renewTime", micro_time(now)}}}});
}

Resource report_resource(const std::string& namespace_name) {
  return {.path = "/apis/coordination.k8s.io/v1/namespaces/" + namespace_name + "/leases",
          .label_selector = "sluice.dev/report=node"};
}

std::optional<ReportedNode> read_report(const Object& lease) {
  const boost::json::object object = lease.json();
  const auto* metadata = find_object(object, "metadata");
  const auto* annotations = metadata == nullptr ? nullptr : find_object(*metadata, "annotations");
  const auto* spec = find_object(object, "spec");
  if (annotations == nullptr || spec == nullptr || !annotations->contains(in_force_key))
    return std::nullopt;
  // A Lease has one name, so that nobody speaks for one node twice.
  std::string node(find_string(*spec, "holderIdentity"));
  if (lease.name != lease_name(node)) return std::nullopt;
  return ReportedNode{
      .node = std::move(node),
      .report = {.in_force = read_revisions(find_string(*annotations, in_force_key)),
                 .refused = read_refused(find_string(*annotations, refused_key))},
      .renewed = read_time(find_string(*spec, "renewTime"))};
}

}  // namespace sluice::kubernetes
