// SPDX-License-Identifier: Apache-2.0
// Where policies come from, and who is behind which address as far as the same source knows: a
// directory, or an API server.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "crds/manifest.hpp"
#include "proxy/pod_registry.hpp"

namespace sluice::proxy {

/// Lives on the control thread, where both are called once for a burst of changes.
struct PolicySourceCallbacks {
  std::function<void()> on_policies;  ///< read() gives something new
  std::function<void()> on_pods;      ///< pods() does
};

class PolicySource {
 public:
  virtual ~PolicySource() = default;

  /// Begins to watch, before anything is read: a change in between is not missed, only told twice.
  virtual void start(PolicySourceCallbacks callbacks) = 0;
  /// Everything that there is now. Nothing, and diagnostics, when it cannot be read.
  virtual std::optional<crds::Sources> read(config::Diagnostics& diagnostics) = 0;
  /// What read() gave last is served from now on, but for what is refused: the paths of sources.
  /// Told again whenever that may have changed.
  virtual void take_in_force(const std::set<std::string>& refused) { (void)refused; }
  /// Null where a source knows nothing of pods.
  [[nodiscard]] virtual PodRegistry* pods() { return nullptr; }
  /// What was never seen as a whole yet, with the reason; nothing when read() has everything.
  [[nodiscard]] virtual std::vector<std::string> missing() const { return {}; }
  /// How long a start is to wait for what is missing.
  [[nodiscard]] virtual std::chrono::milliseconds longest_wait() const { return {}; }
  /// Whether somebody waits for what read() gives, as at a prompt: then a mistake in it ends the
  /// start instead of being logged.
  [[nodiscard]] virtual bool is_local() const = 0;
};

}  // namespace sluice::proxy
