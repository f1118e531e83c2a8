// SPDX-License-Identifier: Apache-2.0
// Message IDs that nobody can guess (RFC 5452 9.2), drawn in batches so that a query rarely costs a
// system call.
#pragma once

#include <array>
#include <cstdint>

namespace sluice::proxy {

/// 16-bit numbers from the kernel's generator. One per user; not shared between threads.
class RandomNumbers {
 public:
  std::uint16_t next();

 private:
  std::array<std::uint16_t, 128> batch_{};
  std::size_t used_ = batch_.size();
};

}  // namespace sluice::proxy
