// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sluice::tls {

/// OpenSSL's first recorded reason, in words; empty when there is none. Clears what it recorded.
std::string take_openssl_error();

}  // namespace sluice::tls
