// SPDX-License-Identifier: Apache-2.0
// From what an operator has, a pod's name or an address out of a log, to whom Sluice takes that
// for.
#pragma once

#include <string>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include "proxy/explain_request.hpp"
#include "proxy/pod_registry.hpp"
#include "proxy/static_identities.hpp"

namespace sluice::proxy {

struct FoundClient {
  filters::Workload workload;
  /// How it is known, as docs/explain.md describes `client`. Empty for who was described, not
  /// looked up.
  boost::json::object identity;
};

/// The error says why its queries are nobody's. `pods` is null where none are watched.
boost::system::result<FoundClient, std::string> look_up(const Asker& asker, const PodRegistry* pods,
                                                        const StaticIdentities& identities);

}  // namespace sluice::proxy
