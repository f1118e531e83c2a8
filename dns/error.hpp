// SPDX-License-Identifier: Apache-2.0
// What can be wrong with bytes from the network. Errors are values: hostile input is counted, never
// thrown, never logged. dns::rcode_for() (header.hpp) is the only place that turns one into an
// answer.
#pragma once

#include <cstdint>
#include <stdexcept>

#include <boost/system/result.hpp>

namespace sluice::dns {

/// Why a message, name or record could not be read.
enum class WireError : std::uint8_t {
  truncated,          ///< the content ends before the structure does
  bad_pointer,        ///< a compression pointer that does not point backwards (RFC 1035 4.1.4)
  too_many_pointers,  ///< more pointer jumps than a legitimate name can need
  bad_label,          ///< label type 01 or 10 (RFC 6891 5)
  name_too_long,      ///< over 255 octets (RFC 1035 2.3.4)
  bad_text,           ///< a presentation-format name that is not one
  bad_opt,            ///< OPT twice, misplaced, with a non-root owner, or options past its end
  bad_version,        ///< an EDNS version that is not 0: BADVERS (RFC 6891 6.1.3)
  bad_counts,      ///< section counts that the content does not fill, or records where none may be
  trailing_bytes,  ///< bytes behind the last counted record
  wrong_question,  ///< an answer to something that was not asked
  bad_rdata,       ///< RDATA that its type does not allow
  too_large,       ///< does not fit the caller's buffer
};

template <typename T>
using Result = boost::system::result<T, WireError>;

/// Boost.System needs this to instantiate value(); we test a Result before its value is used, so
/// getting here is our own bug.
[[noreturn]] inline void throw_exception_from_error(WireError error,
                                                    const boost::source_location& /*where*/) {
  throw std::logic_error("unchecked WireError " + std::to_string(static_cast<int>(error)));
}

}  // namespace sluice::dns
