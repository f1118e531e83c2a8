// SPDX-License-Identifier: Apache-2.0
// What explain() reports, for people: docs/explain.md tells how to read it.
#pragma once

#include <string>

#include <boost/json/object.hpp>

namespace sluice::proxy {

/// `report` is as explain() makes it, here or in another process.
std::string explanation_text(const boost::json::object& report);

}  // namespace sluice::proxy
