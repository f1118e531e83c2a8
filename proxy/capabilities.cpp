// SPDX-License-Identifier: Apache-2.0
#include "proxy/capabilities.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sluice::proxy {
namespace {

// The system calls themselves, as libc has no functions for them and two calls need no library.
// They are about the calling thread (pid 0).
using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

constexpr std::uint32_t bind_service = 1U << CAP_NET_BIND_SERVICE;
static_assert(CAP_NET_BIND_SERVICE < 32, "stands in the first word of the sets");

__user_cap_header_struct header() {
  return {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
}

std::optional<Sets> current_sets() {
  auto about = header();
  Sets sets{};
  if (syscall(SYS_capget, &about, sets.data()) != 0) return std::nullopt;
  return sets;
}

bool set(const Sets& sets) {
  auto about = header();
  return syscall(SYS_capset, &about, sets.data()) == 0;
}

void drop() {
  auto sets = current_sets();
  if (!sets) return;
  sets->front().effective &= ~bind_service;
  sets->front().permitted &= ~bind_service;
  set(*sets);
}

}  // namespace

PrivilegedPorts::PrivilegedPorts() {
  auto sets = current_sets();
  if (!sets) return;
  auto& first = sets->front();
  const bool is_permitted = (first.permitted & bind_service) != 0;
  const bool is_effective = (first.effective & bind_service) != 0;
  if (!is_permitted || is_effective) return;
  first.effective |= bind_service;
  raised_ = set(*sets);
}

PrivilegedPorts::~PrivilegedPorts() {
  if (raised_) drop();
}

void renounce_privileged_ports() {
  const auto sets = current_sets();
  if (sets && (sets->front().effective & bind_service) == 0) drop();
}

}  // namespace sluice::proxy
