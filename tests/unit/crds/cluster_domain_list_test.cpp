// SPDX-License-Identifier: Apache-2.0
#include "crds/cluster_domain_list.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crds/schemas.hpp"
#include "tests/unit/crds/objects.hpp"

namespace sluice::crds {
namespace {

using filters::DomainList;
using ListSource = DomainList::Source;

DomainList list_of(const std::string& spec) {
  return read_one<DomainList>(
      "apiVersion: sluice.dev/v1alpha1\nkind: ClusterDomainList\nmetadata: {name: l}\nspec: " +
      spec + '\n');
}

}  // namespace

TEST_CASE("a ClusterDomainList holds names itself", "[crds][cluster_domain_list]") {
  const auto list = list_of("{entryScope: NameOnly, entries: [a.example]}");
  CHECK(list.key == filters::ListKey{"", "l"});
  CHECK(list.entry_scope == DomainList::EntryScope::name_only);
  CHECK(list.entries.size() == 1);
  CHECK_FALSE(list.source);
}

TEST_CASE("a ClusterDomainList takes names from a file", "[crds][cluster_domain_list]") {
  CHECK(list_of("{file: {path: feeds/malware.rpz.gz, format: RPZ}}").source ==
        ListSource{.path = "feeds/malware.rpz.gz", .url = "", .format = DomainList::Format::rpz});
  CHECK(list_of("{file: {path: a}}").source ==
        ListSource{.path = "a", .url = "", .format = ListSource().format});
}

TEST_CASE("a ClusterDomainList takes names from a web server", "[crds][cluster_domain_list]") {
  const auto list = list_of(
      "{http: {url: 'https://lists.example:8443/ads?x=1', format: Adblock, refreshSeconds: 60}}");
  CHECK(list.source == ListSource{.path = "",
                                  .url = "https://lists.example:8443/ads?x=1",
                                  .format = DomainList::Format::adblock,
                                  .refresh_interval = std::chrono::seconds(60)});
  const auto plain = list_of("{http: {url: 'http://[2001:db8::1]/', format: Hosts}}");
  CHECK(plain.source->refresh_interval == ListSource().refresh_interval);
  CHECK(plain.source->format == DomainList::Format::hosts);
}

TEST_CASE("every field of a ClusterDomainList is among those tested",
          "[crds][cluster_domain_list]") {
  const std::string all =
      "spec: {entryScope: NameOnly, entries: [a], file: {path: a, format: Hosts}, "
      "http: {url: a, format: Hosts, refreshSeconds: 1}}";
  CHECK(unused_fields(spec_schema("ClusterDomainList"), all) == std::set<std::string>{});
}

}  // namespace sluice::crds
