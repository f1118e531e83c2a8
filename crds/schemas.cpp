// SPDX-License-Identifier: Apache-2.0
#include "crds/schemas.hpp"

#include <cassert>

namespace sluice::crds {
namespace {

Schema read_embedded(std::string_view crd) {
  config::Diagnostics problems;
  Schema schema = read_spec_schema(crd, problems);
  assert(problems.empty());  // the text is our own, and a test reads it
  return schema;
}

}  // namespace

const Schema& dns_filter_schema() {
  static const Schema schema = read_embedded(dns_filter_crd);
  return schema;
}

const Schema& cluster_dns_filter_schema() {
  static const Schema schema = read_embedded(cluster_dns_filter_crd);
  return schema;
}

const Schema& dns_tenant_schema() {
  static const Schema schema = read_embedded(dns_tenant_crd);
  return schema;
}

}  // namespace sluice::crds
