// SPDX-License-Identifier: Apache-2.0
#include "crds/domain_list.hpp"

#include "crds/enumeration.hpp"
#include "crds/matcher_decoder.hpp"
#include "crds/schemas.hpp"

namespace sluice::crds {
namespace {

using EntryScope = filters::DomainList::EntryScope;

constexpr std::array entry_scopes = {
    Word{"NameAndSubdomains", EntryScope::name_and_subdomains},
    Word{"NameOnly", EntryScope::name_only},
};

}  // namespace

void decode_entries(const Field& spec, filters::DomainList& list) {
  list.entry_scope =
      decode_word(spec.child("entryScope"), entry_scopes).value_or(EntryScope::name_and_subdomains);
  const Field entries = spec.child("entries");
  if (entries.is_rejected()) return;
  const auto items = entries.items();
  list.entries.reserve(items.size());
  for (const Field& item : items) {
    if (spec.report().is_full()) return;
    if (const auto name = decode_name(item)) list.entries.push_back(*name);
  }
}

filters::DomainList decode_domain_list(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(spec_schema("DomainList"), spec);

  filters::DomainList list;
  list.key = {metadata.namespace_name, metadata.name};
  decode_entries(spec, list);
  return list;
}

}  // namespace sluice::crds
