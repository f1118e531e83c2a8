// SPDX-License-Identifier: Apache-2.0
// The directory that manifests come from: reading all of it, and being told when it changes.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/diagnostic.hpp"
#include "crds/manifest.hpp"
#include "proxy/policy_source.hpp"

namespace sluice::proxy {

/// Every *.yaml and *.yml of the directory, by name; hidden files (editors, `..data` of ConfigMaps)
/// are skipped, subdirectories too. Nothing and a diagnostic if the directory or a file cannot be
/// read.
std::vector<crds::Source> read_policy_directory(const std::filesystem::path& directory,
                                                config::Diagnostics& diagnostics);

/// Whether a file of that name is read: *.yaml or *.yml, and not hidden.
bool is_manifest(const std::filesystem::path& path);

/// One file of manifests; nothing and a diagnostic if it is too large or cannot be read.
std::optional<std::string> read_manifest_file(const std::filesystem::path& path,
                                              config::Diagnostics& diagnostics);

/// Watches by inotify. Calls back once for a burst of changes: editors and `kubectl` write in
/// several steps.
class DirectoryWatch {
 public:
  DirectoryWatch(boost::asio::io_context& context, std::filesystem::path directory,
                 std::function<void()> on_change);
  /// False when the directory cannot be watched; it is tried again every second, and the callback
  /// then called.
  bool start();

 private:
  bool add_watch();
  void wait_for_events();
  void read_events();
  void settle();
  void retry();

  std::filesystem::path directory_;
  std::function<void()> on_change_;
  boost::asio::posix::stream_descriptor inotify_;
  boost::asio::steady_timer timer_;
  int watch_ = -1;
};

class DirectorySource final : public PolicySource {
 public:
  DirectorySource(boost::asio::io_context& control, std::filesystem::path directory)
      : control_(control), directory_(std::move(directory)) {}

  void start(PolicySourceCallbacks callbacks) override;
  std::optional<crds::Sources> read(config::Diagnostics& diagnostics) override;
  [[nodiscard]] bool is_local() const override { return true; }

 private:
  boost::asio::io_context& control_;
  std::filesystem::path directory_;
  std::optional<DirectoryWatch> watch_;
};

}  // namespace sluice::proxy
