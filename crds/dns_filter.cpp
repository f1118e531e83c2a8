// SPDX-License-Identifier: Apache-2.0
#include "crds/dns_filter.hpp"

#include "crds/enumeration.hpp"
#include "crds/rule_decoder.hpp"
#include "crds/schemas.hpp"
#include "crds/selector_decoder.hpp"

namespace sluice::crds {
namespace {

using filters::DefaultAction;

constexpr std::array default_actions = {
    Word{"Inherit", DefaultAction::inherit},
    Word{"Allow", DefaultAction::allow},
    Word{"Deny", DefaultAction::deny},
};

/// The CEL rules of `spec`.
void check_default(const Field& spec, DefaultAction action) {
  const Field rules = spec.child("rules");
  const bool has_no_rules =
      !rules.is_defined() || (rules.node().is_list() && rules.node().size() == 0);
  if (has_no_rules && action == DefaultAction::inherit)
    spec.reject("must have `rules` or a `defaultAction` other than 'Inherit'");
  const Field response = spec.child("defaultResponse");
  if (response.is_defined() && action != DefaultAction::deny)
    response.reject("`defaultResponse` must not be set unless `defaultAction` is 'Deny'");
}

}  // namespace

filters::Filter decode_dns_filter(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(spec_schema("DNSFilter"), spec);

  filters::Filter filter;
  filter.tier = filters::Tier::tenant;
  filter.namespace_name = metadata.namespace_name;
  filter.name = metadata.name;
  filter.pod_selector = decode_selector(spec.child("podSelector"));
  decode_common(spec, filter);
  filter.default_response = decode_response(spec.child("defaultResponse"));
  if (const auto action = decode_word(spec.child("defaultAction"), default_actions)) {
    check_default(spec, *action);
    filter.default_action = *action;
  }
  // Whoever cannot be told from others is selected: a broken filter must not let anybody off.
  if (spec.child("podSelector").is_unsound()) filter.pod_selector = {};
  return filter;
}

}  // namespace sluice::crds
