// SPDX-License-Identifier: Apache-2.0
// A pod that asks all the time, as a resolver does: over UDP, again after a second without an
// answer, three times in all. Every answer is held against what the pod's policy says.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "tests/e2e/clients.hpp"

namespace sluice::tests {

class VerdictLoad {
 public:
  /// Names of which one is denied and the other has the answer. `*` in a name stands for a number
  /// that is another one each time, so that no cache has it.
  struct Policy {
    std::string denied;
    std::string allowed;
  };
  struct Result {
    std::uint64_t answered = 0;
    std::uint64_t asked_again = 0;
    std::uint64_t lost = 0;
    std::uint64_t wrong = 0;
    std::string first_wrong = {};  ///< as the answer was
  };
  VerdictLoad(Target target, Policy policy);
  ~VerdictLoad();
  VerdictLoad(const VerdictLoad&) = delete;
  VerdictLoad& operator=(const VerdictLoad&) = delete;

  /// Ends it.
  Result finish();

 private:
  void run();
  void ask(const std::string& name, const std::string& rcode);

  Target target_;
  Policy policy_;
  std::atomic<bool> ends_{false};
  Result result_;  ///< of the thread, until it has ended
  std::uint64_t number_ = 0;
  std::thread thread_;
};

}  // namespace sluice::tests
