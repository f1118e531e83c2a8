// SPDX-License-Identifier: Apache-2.0
// Recorded queries and policies for the tests of replay and suggest.
#pragma once

#include <stdexcept>
#include <string>

#include "crds/loader.hpp"
#include "recordings/tally.hpp"

namespace sluice::commands {

/// A question of a namespace, with the rest as it comes.
inline recordings::RecordedQuery recorded(const std::string& namespace_name,
                                          const std::string& name) {
  recordings::RecordedQuery query;
  query.client.namespace_name = namespace_name;
  query.name = dns::Name::from_text(name).value();
  return query;
}

/// The same, denied by `rule`.
inline recordings::RecordedQuery denied(const std::string& namespace_name, const std::string& name,
                                        const std::string& rule) {
  auto query = recorded(namespace_name, name);
  query.verdict = recordings::RecordedVerdict{filters::Action::deny, rule};
  query.rcode = dns::Rcode::nxdomain;
  return query;
}

/// A DNSFilter of the namespace `shop`, from the text of its spec.
inline std::string shop_filter(const std::string& spec, const std::string& name = "f") {
  return "---\napiVersion: sluice.dev/v1alpha1\nkind: DNSFilter\nmetadata: {name: " + name +
         ", namespace: shop}\nspec: " + spec + '\n';
}

/// Throws if something is wrong with the manifests.
inline filters::PolicySet policies(const std::string& manifests) {
  const crds::Source file{"policies.yaml", manifests};
  auto loaded = crds::Loader{}.load({file});
  if (!loaded.diagnostics.empty()) {
    throw std::invalid_argument(config::to_text(loaded.diagnostics.front()));
  }
  return std::move(loaded.policies);
}

}  // namespace sluice::commands
