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
  auto result = decode_selector(selector);
  // Whoever cannot be told from others is meant: a broken filter must not let anybody off.
  if (selector.is_unsound()) return std::nullopt;
  return result;
}

filters::Subject decode_subject(const Field& field) {
  filters::Subject subject;
  const Field tenant_names = field.child("tenantNames");
  for (const Field& name : tenant_names.items()) {
    subject.tenant_names.push_back(name.text().value_or(""));
  }
  if (tenant_names.is_unsound()) subject.tenant_names.clear();
  subject.namespace_selector = decode_optional_selector(field.child("namespaceSelector"));
  subject.pod_selector = decode_optional_selector(field.child("podSelector"));
  return subject;
}

}  // namespace

filters::Filter decode_cluster_dns_filter(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(spec_schema("ClusterDNSFilter"), spec);

  filters::Filter filter;
  filter.name = metadata.name;
  filter.tier = decode_word(spec.child("tier"), tiers).value_or(Tier::admin);
  filter.subject = decode_subject(spec.child("subject"));
  decode_common(spec, filter);
  return filter;
}

}  // namespace sluice::crds
