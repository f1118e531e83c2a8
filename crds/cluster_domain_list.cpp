// SPDX-License-Identifier: Apache-2.0
#include "crds/cluster_domain_list.hpp"

#include "crds/domain_list.hpp"
#include "crds/enumeration.hpp"
#include "crds/schemas.hpp"

namespace sluice::crds {
namespace {

using Format = filters::DomainList::Format;
using Source = filters::DomainList::Source;

constexpr std::array formats = {
    Word{"Plain", Format::plain},
    Word{"Hosts", Format::hosts},
    Word{"Adblock", Format::adblock},
    Word{"RPZ", Format::rpz},
};

Source decode_file(const Field& file) {
  Source source;
  source.path = file.child("path").text().value_or("");
  source.format = decode_word(file.child("format"), formats).value_or(Format::plain);
  return source;
}

Source decode_http(const Field& http) {
  Source source;
  source.url = http.child("url").text().value_or("");
  source.format = decode_word(http.child("format"), formats).value_or(Format::plain);
  source.refresh_interval =
      std::chrono::seconds(http.child("refreshSeconds").integer().value_or(0));
  return source;
}

}  // namespace

filters::DomainList decode_cluster_domain_list(const Field& object, const Metadata& metadata) {
  const Field spec = object.child("spec");
  apply_schema(spec_schema("ClusterDomainList"), spec);

  filters::DomainList list;
  list.key.name = metadata.name;
  decode_entries(spec, list);
  const Field file = spec.child("file");
  const Field http = spec.child("http");
  if (file.is_present()) list.source = decode_file(file);
  if (http.is_present()) list.source = decode_http(http);
  const int given =
      int{spec.child("entries").is_defined()} + int{file.is_defined()} + int{http.is_defined()};
  if (spec.is_defined() && spec.node().is_mapping() && given != 1)
    spec.reject("must have exactly one of `entries`, `file` and `http`");
  return list;
}

}  // namespace sluice::crds
