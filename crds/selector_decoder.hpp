// SPDX-License-Identifier: Apache-2.0
// metav1.LabelSelector, as all our kinds have it.
#pragma once

#include "crds/field.hpp"
#include "filters/selector.hpp"

namespace sluice::crds {

/// Reads a selector to which its schema has been applied; reports what only code can check.
filters::LabelSelector decode_selector(const Field& selector);

/// Reads `metadata.labels` or anything else that maps label keys to label values, and reports keys
/// and values that no label can have.
filters::Labels decode_labels(const Field& labels);

}  // namespace sluice::crds
