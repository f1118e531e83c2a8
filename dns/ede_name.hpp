// SPDX-License-Identifier: Apache-2.0
// What the codes of Extended DNS Errors are called.
#pragma once

#include <string>

#include "dns/types.hpp"

namespace sluice::dns {

/// "Filtered" as RFC 8914 4 and IANA's registry call it, or "EDE42" for a code without a name.
std::string ede_name(Ede code);

}  // namespace sluice::dns
