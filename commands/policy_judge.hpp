// SPDX-License-Identifier: Apache-2.0
// A set of policies that judges recorded questions, outside of any proxy. Only the question is
// judged: a recording does not hold the answers whose CNAME targets or addresses rules may be
// about.
#pragma once

#include <string>
#include <vector>

#include "filters/no_slots.hpp"

namespace sluice::commands {

/// What policy says of a question.
struct Decision {
  filters::Action action = filters::Action::allow;  ///< allow, deny or rewrite
  std::string rule;  ///< "DNSFilter shop/no-ads rule ads"; empty when no rule decided
  bool operator==(const Decision&) const = default;
};

struct Judgement {
  Decision decision;
  /// What each filter that is only on trial would have done, Allow left out.
  std::vector<Decision> on_trial;
};

class PolicyJudge {
 public:
  PolicyJudge(const filters::PolicySet& policies, filters::CompilerOptions options);
  PolicyJudge(const PolicyJudge&) = delete;
  PolicyJudge& operator=(const PolicyJudge&) = delete;

  using Client = filters::Compiler::Resolved;
  /// Takes its time: once for each client.
  [[nodiscard]] Client resolve(const filters::Workload& workload);
  /// `name` is canonical.
  [[nodiscard]] static Judgement judge(const Client& client, dns::NameView name, dns::Type type);

 private:
  filters::NoSlots slots_;
  filters::Compiler compiler_;
};

}  // namespace sluice::commands
