// SPDX-License-Identifier: Apache-2.0
// Why a name is answered as it is: the chain rule by rule, and what would happen to the answer. One
// report, whether policies come from a directory or from a running Sluice.
#pragma once

#include <string>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include "filters/compiler.hpp"

namespace sluice::proxy {

/// Who asks for what.
struct ExplainRequest {
  filters::Workload workload;
  dns::Name name;  ///< canonical
  dns::Type type = dns::Type::a;
};

/// The same as texts, from a command line or a URL.
struct ExplainTexts {
  std::string namespace_name;
  std::string pod_labels;  ///< "app=web,tier=front"; may be empty
  std::string name;        ///< with or without the final dot
  std::string type;        ///< empty: A
};
/// The error says which of them is wrong, and how.
boost::system::result<ExplainRequest, std::string> make_explain_request(const ExplainTexts& texts);

/// Where the policies stand.
struct ExplainSources {
  const filters::PolicySet& policies;
  filters::CompilerOptions options;
};

/// The report as docs/explain.md describes it. Compiles what it needs: takes its time.
boost::json::object explain(const ExplainRequest& request, const ExplainSources& sources);

/// The same for people.
std::string explanation_text(const boost::json::object& report);

}  // namespace sluice::proxy
