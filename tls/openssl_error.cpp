// SPDX-License-Identifier: Apache-2.0
#include "tls/openssl_error.hpp"

#include <system_error>

#include <openssl/err.h>

namespace sluice::tls {

std::string take_openssl_error() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  if (code == 0) return {};
  // The C library's reasons (no such file, permission denied) come as errno values.
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(code);
}

}  // namespace sluice::tls
