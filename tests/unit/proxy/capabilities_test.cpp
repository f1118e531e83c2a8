// SPDX-License-Identifier: Apache-2.0
#include "proxy/capabilities.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sluice::proxy {
namespace {

constexpr std::uint32_t bind_service = 1U << CAP_NET_BIND_SERVICE;

struct Capabilities {
  std::uint32_t effective = 0;
  std::uint32_t permitted = 0;

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

Capabilities capabilities() {
  __user_cap_header_struct about{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  syscall(SYS_capget, &about, sets.data());
  return {sets[0].effective & bind_service, sets[0].permitted & bind_service};
}

bool take(const Capabilities& wanted) {
  __user_cap_header_struct about{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  sets[0] = {.effective = wanted.effective, .permitted = wanted.permitted, .inheritable = 0};
  return syscall(SYS_capset, &about, sets.data()) == 0;
}

struct Seen {
  bool raised = false;
  Capabilities during;
  Capabilities after;
};

/// On a thread of its own, whose capabilities are nobody else's. Nothing if it may not have these.
std::optional<Seen> privileged_ports_with(const Capabilities& at_first) {
  std::optional<Seen> seen;
  std::thread([&] {
    if (!take(at_first)) return;
    seen.emplace();
    {
      const PrivilegedPorts ports;
      seen->raised = ports.raised();
      seen->during = capabilities();
    }
    seen->after = capabilities();
  }).join();
  return seen;
}

}  // namespace

TEST_CASE("a permitted capability is raised for as long as ports are opened", "[capabilities]") {
  const auto seen = privileged_ports_with({.effective = 0, .permitted = bind_service});
  if (!seen) SKIP("this process is not permitted NET_BIND_SERVICE: not root");
  CHECK(seen->raised);
  CHECK(seen->during == Capabilities{.effective = bind_service, .permitted = bind_service});
  CHECK(seen->after == Capabilities{});
}

TEST_CASE("a capability that is effective already is left alone", "[capabilities]") {
  const Capabilities root{.effective = bind_service, .permitted = bind_service};
  const auto seen = privileged_ports_with(root);
  if (!seen) SKIP("this process is not permitted NET_BIND_SERVICE: not root");
  CHECK_FALSE(seen->raised);
  CHECK(seen->after == root);
}

TEST_CASE("without the capability nothing happens", "[capabilities]") {
  const auto seen = privileged_ports_with({});
  REQUIRE(seen);
  CHECK_FALSE(seen->raised);
  CHECK(seen->during == Capabilities{});
}

TEST_CASE("a thread that renounces the capability has it no more", "[capabilities]") {
  std::optional<Capabilities> left;
  std::thread([&] {
    if (!take({.effective = 0, .permitted = bind_service})) return;
    renounce_privileged_ports();
    left = capabilities();
  }).join();
  if (!left) SKIP("this process is not permitted NET_BIND_SERVICE: not root");
  CHECK(left == Capabilities{});
}

}  // namespace sluice::proxy
