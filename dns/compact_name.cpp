// SPDX-License-Identifier: Apache-2.0
#include "dns/compact_name.hpp"

namespace sluice::dns {

NameView CompactName::view() const {
  if (!wire_) return {};
  std::size_t size = 0;
  while (wire_[size] != 0)
    size += wire_[size] + 1U;
  return NameView(std::span(wire_.get(), size + 1));
}

void CompactName::assign(NameView name) {
  if (name.is_root()) {
    wire_.reset();
    return;
  }
  auto wire = std::make_unique<std::uint8_t[]>(name.size());
  std::ranges::copy(name.wire(), wire.get());
  wire_ = std::move(wire);
}

}  // namespace sluice::dns
