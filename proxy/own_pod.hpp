// SPDX-License-Identifier: Apache-2.0
// The pod that a sidecar is part of, and so its only client. No API server has to say who that is:
// the kubelet writes it into files, before the first container starts and whenever it changes.
#pragma once

#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"
#include "filters/policy.hpp"
#include "proxy/policy_directory.hpp"

namespace sluice::proxy {

/// Nothing, and everything that is wrong with the files, if they do not say who the pod is.
std::optional<filters::Workload> read_own_pod(const config::PodFiles& files,
                                              config::Diagnostics& diagnostics);

/// Lives on the control thread. Labels that were good stay while their file makes no sense.
class OwnPodWatch {
 public:
  using Callback = std::function<void(const filters::Workload&)>;

  /// `known` was read before. `on_change` is called when the files say something else.
  OwnPodWatch(boost::asio::io_context& control, config::PodFiles files, filters::Workload known,
              Callback on_change);
  void start();

 private:
  void look();

  config::PodFiles files_;
  filters::Workload known_;
  Callback on_change_;
  /// A volume's files are replaced all at once, by another target of the link `..data` beside them.
  DirectoryWatch watch_;
};

}  // namespace sluice::proxy
