// SPDX-License-Identifier: Apache-2.0
// metav1.ObjectMeta, as far as manifests go: who the object is. Fields that a server sets are
// accepted, so that the output of `kubectl get -o yaml` can be used as it is.
#pragma once

#include <cstdint>
#include <string>

#include "crds/field.hpp"
#include "filters/selector.hpp"

namespace sluice::crds {

enum class Scope : std::uint8_t { namespaced, cluster };

/// Which names a kind allows. All of them begin and end with a lower-case letter or digit.
enum class NameRule : std::uint8_t {
  subdomain,        ///< labels with dots, at most 253 characters: what Kubernetes allows by itself
  short_subdomain,  ///< the same, at most 63 characters: names that become metric labels
  label,            ///< one DNS label: namespaces
};

struct Metadata {
  std::string name;
  std::string namespace_name;  ///< empty for cluster-scoped kinds
  filters::Labels labels;
  bool is_identified = false;  ///< name and namespace are as they must be
};

/// Reads `metadata` of an object and reports everything that is wrong with it.
Metadata decode_metadata(const Field& object, Scope scope, NameRule name_rule);

}  // namespace sluice::crds
