// SPDX-License-Identifier: Apache-2.0
// What the API server asks of a validating webhook (AdmissionReview, admission.k8s.io/v1), and the
// answer. Only what nobody else can check is judged: schemas are the API server's own business.
//
//   its tenant may not have it, or has no room for it    -> denied
//   it could never take effect, whatever else comes: a
//   pattern that is no regular expression, a time zone
//   that does not exist, a rewrite that leads to itself  -> denied
//   it is surprising, or waits for another object        -> allowed, with warnings
//   what is wrong was so before, or the object is going  -> allowed, with warnings
//   not one of our kinds, a deletion, a status           -> allowed
//
// References that lead nowhere yet are no reason to deny: objects may be applied in any order.
// Agents judge objects the same way when they have them: to be denied saves somebody a detour, and
// nothing depends on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crds/reviewer.hpp"

namespace sluice::kubernetes {

/// The answer to one review, and what to count it as; all labels are of bounded sets.
struct AdmissionAnswer {
  std::string body;       ///< an AdmissionReview with a response
  std::string kind;       ///< one of ours, or `other`
  std::string operation;  ///< CREATE, UPDATE, DELETE or CONNECT, or `other`
  bool allowed = true;
  std::string reason;  ///< why not: the reason of the status condition that the object would get
};

/// The same request gets the same answer, as long as `known` is the same. Nothing when `body` is no
/// AdmissionReview of v1 with a request that could be answered.
std::optional<AdmissionAnswer> answer_review(std::string_view body, const crds::Reviewer& known);

}  // namespace sluice::kubernetes
