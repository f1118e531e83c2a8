// SPDX-License-Identifier: Apache-2.0
#include "crds/schemas.hpp"

#include <cassert>
#include <map>

namespace sluice::crds {
namespace {

using Schemas = std::map<std::string_view, Schema>;

Schemas read_embedded() {
  Schemas schemas;
  for (const EmbeddedCrd& crd : embedded_crds()) {
    config::Diagnostics problems;
    schemas.emplace(crd.kind, read_spec_schema(crd.text, problems));
    assert(problems.empty());  // the text is our own, and a test reads it
  }
  return schemas;
}

}  // namespace

const Schema& spec_schema(std::string_view kind) {
  static const Schemas schemas = read_embedded();
  return schemas.at(kind);
}

}  // namespace sluice::crds
