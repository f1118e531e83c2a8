// SPDX-License-Identifier: Apache-2.0
// A question that was asked once, as far as a recording tells.
#pragma once

#include <compare>
#include <optional>
#include <string>

#include "dns/name.hpp"
#include "dns/types.hpp"
#include "filters/address.hpp"
#include "filters/rule.hpp"

namespace sluice::recordings {

/// Who asked. A query log knows the namespace, dnstap only the address; neither knows labels.
struct RecordedClient {
  std::string namespace_name;  ///< empty: not recorded
  std::optional<filters::Address> address;
  auto operator<=>(const RecordedClient&) const = default;
};

/// What became of it.
struct RecordedVerdict {
  filters::Action action = filters::Action::allow;
  std::string rule;  ///< "DNSFilter shop/no-ads rule ads"; empty when no rule decided
  auto operator<=>(const RecordedVerdict&) const = default;
};

struct RecordedQuery {
  RecordedClient client;
  dns::Name name;  ///< canonical
  dns::Type type = dns::Type::a;
  std::optional<RecordedVerdict> verdict;  ///< nothing: whoever recorded it did not filter
  std::optional<dns::Rcode> rcode;         ///< nothing: the answer was not recorded
};

/// What one line or frame of a recording is.
enum class RecordKind : std::uint8_t {
  query,  ///< a question of a client
  other,  ///< something else that may be there
  bad,    ///< nothing that can be read
};

}  // namespace sluice::recordings
