// SPDX-License-Identifier: Apache-2.0
// What policy says of an answer that is there: every CNAME hop and PTR target, every address and
// every hint of an SVCB record is judged for the client that asks, whether the answer comes from an
// upstream or from the cache.
#pragma once

#include <optional>

#include "dns/answer.hpp"
#include "filters/client_map.hpp"

namespace sluice::proxy {

/// An answer on its way to a client.
struct InspectedAnswer {
  const filters::Client& client;
  const filters::Verdict& verdict;  ///< on the question
  const dns::Question& resolved;    ///< what the answer is to: after a Rewrite
  const dns::AnswerView& answer;
};

struct Inspection {
  /// A target or an address denies the whole answer.
  std::optional<filters::Verdict> denied{};
  /// The answer leads to a name that the tenant must not know to exist.
  bool leads_to_hidden = false;
  /// The first rule that takes records out of the answer; null: all of it may be told.
  const filters::CompiledRule* strips = nullptr;
};

/// `left_out` gets the records to be left out, and is only touched where there are some.
Inspection inspect(const InspectedAnswer& inspected, filters::DecisionTrail& trail,
                   dns::RecordSet& left_out);

}  // namespace sluice::proxy
