// SPDX-License-Identifier: Apache-2.0
// What is to be explained to whom asks it: a command line, or a URL.
#pragma once

#include <string>
#include <variant>

#include <boost/system/result.hpp>

#include "dns/name.hpp"
#include "dns/types.hpp"
#include "filters/address.hpp"
#include "filters/policy.hpp"

namespace sluice::proxy {

struct PodName {
  std::string namespace_name;
  std::string name;
};

/// Whose query it is. Who is behind a pod's name or an address, only a running Sluice knows.
using Asker = std::variant<filters::Workload, PodName, filters::Address>;

struct ExplainRequest {
  Asker asker;
  dns::Name name;  ///< canonical
  dns::Type type = dns::Type::a;
};

/// The same as texts, which may be empty. One of the first three says who asks.
struct ExplainTexts {
  std::string namespace_name;
  std::string pod;         ///< "namespace/name"
  std::string client;      ///< an address
  std::string pod_labels;  ///< "app=web,tier=front"; with a namespace only
  std::string name;        ///< with or without the final dot
  std::string type;        ///< empty: A
};
/// The error says which of them is wrong, and how.
boost::system::result<ExplainRequest, std::string> make_explain_request(const ExplainTexts& texts);

}  // namespace sluice::proxy
