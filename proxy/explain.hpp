// SPDX-License-Identifier: Apache-2.0
// Why a name is answered as it is: the chain rule by rule, and what would happen to the answer. One
// report, whether policies come from a directory or from a running Sluice.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "filters/compiler.hpp"
#include "proxy/client_lookup.hpp"

namespace sluice::proxy {

/// Where the policies stand.
struct ExplainSources {
  const filters::PolicySet& policies;
  filters::CompilerOptions options;
};

/// A report, or why there is none.
using ExplainResult = boost::system::result<boost::json::object, std::string>;

/// The report as docs/explain.md describes it. Compiles what it needs: takes its time.
boost::json::object explain(const FoundClient& client, const ExplainRequest& request,
                            const ExplainSources& sources);

}  // namespace sluice::proxy
