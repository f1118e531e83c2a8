// SPDX-License-Identifier: Apache-2.0
// What identity needs to know of a pod.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "filters/address.hpp"
#include "filters/selector.hpp"
#include "kubernetes/object.hpp"

namespace sluice::kubernetes {

struct Pod {
  std::string namespace_name;
  std::string name;
  filters::Labels labels;
  std::vector<filters::Address> addresses;  ///< all of status.podIPs
  /// When the kubelet took it on. Nothing until then.
  std::optional<std::chrono::sys_seconds> started;
  bool is_terminal = false;     ///< Succeeded or Failed: its addresses may be another's by now
  bool is_terminating = false;  ///< its deletion was asked for
  bool uses_host_network = false;

  bool operator==(const Pod&) const = default;
};

/// Takes everything out of a pod's JSON that read_pod() does not look at: nine tenths.
void drop_what_identifies_nobody(boost::json::object& pod);

/// What is missing or makes no sense is left out: a pod without an address identifies nobody.
Pod read_pod(const Object& object);

}  // namespace sluice::kubernetes
