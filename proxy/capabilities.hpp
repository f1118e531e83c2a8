// SPDX-License-Identifier: Apache-2.0
// Ports below 1024 without root. The image's program has the file capability NET_BIND_SERVICE as
// permitted but not effective: then it also starts where a container is not given the capability,
// instead of failing in exec with a message that nobody understands. The price is that the program
// itself has to raise it, which is done here.
#pragma once

namespace sluice::proxy {

/// While it lives, the calling thread may bind ports below 1024, if it is permitted to. At the end
/// the thread, and each that it starts from then on, has lost the capability for good. Does nothing
/// where the capability is effective already, as for root, or not permitted: then bind() says so.
class PrivilegedPorts {
 public:
  PrivilegedPorts();
  ~PrivilegedPorts();
  PrivilegedPorts(const PrivilegedPorts&) = delete;
  PrivilegedPorts& operator=(const PrivilegedPorts&) = delete;

  /// Whether it was this object that raised the capability.
  [[nodiscard]] bool raised() const { return raised_; }

 private:
  bool raised_ = false;
};

/// For a thread that starts while the main one may still bind such ports: it never will. Does
/// nothing where the capability is effective, as for root.
void renounce_privileged_ports();

}  // namespace sluice::proxy
