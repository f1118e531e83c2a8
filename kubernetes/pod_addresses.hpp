// SPDX-License-Identifier: Apache-2.0
// Who is behind which pod address. The API server's word on that is late and never quite one:
// completed pods keep addresses that others have by now, a deletion may be told after the next
// owner's birth. The rules, in this order:
//
//   a pod in a terminal phase, or on the host's network   claims nothing
//   one that is not being deleted                         goes before one that is
//   the one that started last                             goes before the others
//   several are left                                      the address is nobody's
#pragma once

#include <map>
#include <vector>

#include "filters/address.hpp"
#include "kubernetes/pod.hpp"

namespace sluice::kubernetes {

/// Refers to the pods that it was made of.
struct PodAddresses {
  std::map<filters::Address, const Pod*> owners;
  /// Claimed by several pods of which none goes before the others, in order.
  std::vector<filters::Address> contested;
};

PodAddresses assign_addresses(const std::vector<const Pod*>& pods);

}  // namespace sluice::kubernetes
