// SPDX-License-Identifier: Apache-2.0
// coordination.k8s.io/v1 Lease: who leads, and since when.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

namespace sluice::kubernetes {

/// The parts of a Lease that an election is about.
struct Lease {
  std::string holder = {};  ///< empty: nobody
  std::chrono::seconds duration{0};
  std::string acquired = {};  ///< micro-time; for people
  std::string renewed = {};   ///< micro-time; for people, and to see whether somebody renewed
  int transitions = 0;        ///< how often the holder changed
  std::string resource_version = {};  ///< empty: it does not exist
};

/// Which one it is.
struct LeaseName {
  std::string namespace_name;
  std::string name;
};

/// Nothing when it is no Lease.
std::optional<Lease> read_lease(const boost::json::object& object);

/// The body of a POST, or with a resource version of a PUT.
std::string lease_body(const LeaseName& name, const Lease& lease);
/// Where all leases of the namespace are, for a POST, and this one.
std::string leases_target(const LeaseName& name);
std::string lease_target(const LeaseName& name);

/// RFC 3339 with six digits of a second, which is what MicroTime must have.
std::string micro_time(std::chrono::system_clock::time_point time);
/// RFC 3339 in whole seconds, as metav1.Time.
std::string whole_time(std::chrono::system_clock::time_point time);

}  // namespace sluice::kubernetes
