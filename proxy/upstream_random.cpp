// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_random.hpp"

#include <cerrno>
#include <exception>

#include <sys/random.h>

namespace sluice::proxy {

std::uint16_t RandomNumbers::next() {
  if (used_ == batch_.size()) {
    // Up to 256 octets come whole or not at all; only a signal before the generator is seeded,
    // early at boot, makes that "not at all".
    while (::getrandom(batch_.data(), sizeof(batch_), 0) != sizeof(batch_))
      if (errno != EINTR) std::terminate();
    used_ = 0;
  }
  return batch_[used_++];
}

}  // namespace sluice::proxy
