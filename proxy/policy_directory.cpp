// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <sys/inotify.h>

#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;

/// Long enough for an editor's write and rename, short enough to be "at once" for a person.
constexpr std::chrono::milliseconds settle_time{50};
constexpr std::chrono::seconds retry_interval{1};
/// The API server takes objects of 3 MiB; a file may hold several.
constexpr std::uintmax_t max_file_size = 16 << 20;

std::vector<fs::path> manifests_in(const fs::path& directory, std::error_code& error) {
  std::vector<fs::path> paths;
  for (fs::directory_iterator it(directory, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    std::error_code unreadable;  // a link to itself, say: reading it tells
    if (is_manifest(it->path()) && !it->is_directory(unreadable)) paths.push_back(it->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

bool is_manifest(const fs::path& path) {
  const std::string name = path.filename().string();
  const fs::path extension = path.extension();
  return !name.starts_with('.') && (extension == ".yaml" || extension == ".yml");
}

std::optional<std::string> read_manifest_file(const fs::path& path,
                                              config::Diagnostics& diagnostics) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (!error && size > max_file_size) {
    diagnostics.push_back({path.string(), 0, "", "is larger than 16 MiB, the limit for one file"});
    return std::nullopt;
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  // An empty file sets failbit too, but no errno.
  if (!error && file.is_open() && errno == 0) return std::move(text).str();
  diagnostics.push_back(
      {path.string(), 0, "", "cannot be read: " + std::string(std::strerror(errno))});
  return std::nullopt;
}

std::vector<crds::Source> read_policy_directory(const fs::path& directory,
                                                config::Diagnostics& diagnostics) {
  std::error_code error;
  const auto paths = manifests_in(directory, error);
  if (error) {
    diagnostics.push_back({directory.string(), 0, "", "cannot be read: " + error.message()});
    return {};
  }
  std::vector<crds::Source> files;
  for (const fs::path& path : paths) {
    if (auto text = read_manifest_file(path, diagnostics))
      files.push_back({path.string(), std::move(*text)});
  }
  return files;
}

DirectoryWatch::DirectoryWatch(boost::asio::io_context& context, fs::path directory,
                               std::function<void()> on_change)
    : directory_(std::move(directory)),
      on_change_(std::move(on_change)),
      inotify_(context),
      timer_(context) {}

bool DirectoryWatch::start() {
  const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return false;
  inotify_.assign(descriptor);
  const bool watching = add_watch();
  wait_for_events();
  if (!watching) retry();
  return watching;
}

bool DirectoryWatch::add_watch() {
  watch_ = inotify_add_watch(inotify_.native_handle(), directory_.c_str(),
                             IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
  return watch_ >= 0;
}

void DirectoryWatch::wait_for_events() {
  inotify_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                        if (!error) read_events();
                      });
}

// What the events say does not matter, an overflow of the queue included: everything is read again.
// Only the end of the watch does.
void DirectoryWatch::read_events() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  bool ended = false;
  ssize_t size = 0;
  while ((size = read(inotify_.native_handle(), buffer.data(), buffer.size())) > 0) {
    for (ssize_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      ended = ended || (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0;
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
  if (ended) {
    retry();
  } else {
    settle();
  }
  wait_for_events();
}

void DirectoryWatch::settle() {
  timer_.expires_after(settle_time);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_change_();
  });
}

/// The directory is gone or was replaced: what is at its place is watched as soon as there is
/// something.
void DirectoryWatch::retry() {
  if (watch_ >= 0) inotify_rm_watch(inotify_.native_handle(), watch_);
  timer_.expires_after(retry_interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    if (!add_watch()) return retry();
    on_change_();
  });
}

void DirectorySource::start(PolicySourceCallbacks callbacks) {
  watch_.emplace(control_, directory_, std::move(callbacks.on_policies));
  if (!watch_->start()) log::warn("policy directory cannot be watched yet, trying again");
}

std::optional<crds::Sources> DirectorySource::read(config::Diagnostics& diagnostics) {
  auto files = read_policy_directory(directory_, diagnostics);
  if (!diagnostics.empty()) return std::nullopt;
  return crds::Sources(std::move(files));
}

}  // namespace sluice::proxy
