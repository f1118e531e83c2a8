// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/pod_network.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <catch2/catch_test_macros.hpp>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include "tests/support/process.hpp"

namespace sluice::tests {
namespace {

void require_success(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

void raise_loopback() {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  require_success(ioctl(socket.number(), SIOCSIFFLAGS, &request), "loopback up");
}

}  // namespace

void enter_pod_network() {
  if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0)
    SKIP("no namespaces of its own for a test: " << std::strerror(errno));
  // Else what is mounted here would show outside.
  require_success(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
  raise_loopback();
}

void use_resolv_conf(const Workspace& workspace, const std::string& text) {
  workspace.write("resolv.conf", text);
  const auto file = workspace.path() / "resolv.conf";
  require_success(mount(file.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr),
                  "mount of resolv.conf");
}

}  // namespace sluice::tests
