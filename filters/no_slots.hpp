// SPDX-License-Identifier: Apache-2.0
// For those who compile chains to ask them and count nothing.
#pragma once

#include "filters/compiler.hpp"

namespace sluice::filters {

class NoSlots final : public DecisionSlots {
 public:
  DecisionSlot block(const std::string& /*tenant*/,
                     std::span<const CompiledRule* const> /*rules*/) override {
    return no_slot;
  }
};

}  // namespace sluice::filters
