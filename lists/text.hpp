// SPDX-License-Identifier: Apache-2.0
// Cutting lines of lists into words, and the one reading of a domain name that all formats share.
#pragma once

#include <string>
#include <string_view>

#include "dns/name.hpp"

namespace sluice::lists {

/// Without blanks and tabs at either end.
std::string_view trim(std::string_view text);

/// Takes the first word off `text`; empty when there is none.
std::string_view take_word(std::string_view& text);

/// At most 80 octets, with whatever is not printable ASCII as `\xNN`: fit for logs and terminals.
std::string excerpt_of(std::string_view text);

/// A name as lists write it, or what is wrong with it.
struct Domain {
  dns::Name name;            ///< canonical
  std::string_view problem;  ///< completes "the name ..."; empty when there is none
};

/// Letters of either case, digits, hyphens and underscores; a final dot is tolerated. Addresses are
/// refused: a name whose last label is a number does not exist (RFC 3696 2).
Domain parse_domain(std::string_view text);

/// The same for a name in a zone file, which may have any last label and a wildcard anywhere, and
/// nothing for the root.
Domain parse_labels(std::string_view text);

}  // namespace sluice::lists
