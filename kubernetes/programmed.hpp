// SPDX-License-Identifier: Apache-2.0
// The condition Programmed and the counts in `nodes`: how far an object has come.
//
//   no node reports at all               left out: nothing is claimed that was not measured
//   the object is not accepted           left out: nodes keep what they had
//   every node serves this version       True   Programmed
//   some have not reported it yet        Unknown  Pending, and so is Ready; after five minutes, by
//                                                 when a node that is gone counts no more:
//                                        False  NodesOutdated
//   some have it and refuse it           False  NodeErrors
//
// What was Programmed once stays so while the version is the same, unless a node refuses it: nodes
// that come later begin with everything there is, and nodes do not go back.
#pragma once

#include "kubernetes/object_status.hpp"
#include "kubernetes/rollout.hpp"

namespace sluice::kubernetes {

/// Whether objects of the kind come to nodes one by one, as its status says.
bool has_nodes(const std::string& kind);

/// Adds to what the status of `object` should say. What it says is read only if that matters.
void add_progress(const NodeProgress& progress, const Object& object, TimePoint now,
                  ObjectStatus& status);

}  // namespace sluice::kubernetes
