// SPDX-License-Identifier: Apache-2.0
#include "crds/cluster_dns_filter.hpp"

#include "crds/enumeration.hpp"
#include "crds/rule_decoder.hpp"
#include "crds/schemas.hpp"
#include "crds/selector_decoder.hpp"

namespace sluice::crds {
namespace {

using filters::Tier;

constexpr std::array tiers = {
    Word{"Admin", Tier::admin},
    Word{"Baseline", Tier::baseline},
};

/// An empty selector selects everything, but it has been said; none has not.
std::optional<filters::LabelSelector> decode_optional_selector(const Field& selector) {
  if (!selector.is_present()) return std::nullopt;
  return decode_selector(selector);
}

filters::Subject decode_subject(const Field& field) {
  filters::Subject subject;
  for (const Field& name : field.child("tenantNames").items()) {
    subject.tenant_names.push_back(name.text().value_or(""));
  }
  subject.namespace_selector = decode_optional_selector(field.child("namespaceSelector"));
  subject.pod_selector = decode_optional_selector(field.child("podSelector"));
  return subject;
}

}  // namespace

filters::Filter decode_cluster_dns_filter(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(cluster_dns_filter_schema(), spec);

  filters::Filter filter;
  filter.name = metadata.name;
  filter.tier = decode_word(spec.child("tier"), tiers).value_or(Tier::admin);
  filter.priority = static_cast<std::int32_t>(spec.child("priority").integer().value_or(0));
  filter.mode = decode_mode(spec.child("enforcementMode"));
  filter.subject = decode_subject(spec.child("subject"));
  filter.rules = decode_rules(spec.child("rules"));
  return filter;
}

}  // namespace sluice::crds
