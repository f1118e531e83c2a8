// SPDX-License-Identifier: Apache-2.0
// One list that comes from a file or a URL: when it is loaded, and what is in force meanwhile. A
// version that cannot be had or is refused never replaces one that is good.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/settings.hpp"
#include "filters/name_set.hpp"
#include "filters/policy.hpp"
#include "proxy/list_loader.hpp"
#include "proxy/process_status.hpp"

namespace sluice::proxy {

/// What all sources have in common. Outlives them.
struct ListSurroundings {
  boost::asio::io_context& control;
  ListLoader& loader;
  ProcessStatus& status;
  config::Lists settings;
  std::uint64_t hash_seed = 0;
  std::chrono::milliseconds poll_interval{1000};  ///< between looks at a file
  std::chrono::milliseconds first_retry{5000};    ///< of a download; doubled with each failure
  std::function<void()> on_change;                ///< another version of a list is in force
};

/// What logs and metrics call a list: `name`, or `namespace/name`.
std::string list_name(const filters::ListKey& key);

/// Lives on the control thread.
class ListSource : public std::enable_shared_from_this<ListSource> {
 public:
  /// `list` has a source.
  static std::shared_ptr<ListSource> make(ListSurroundings& surroundings,
                                          const filters::DomainList& list);
  virtual ~ListSource() = default;
  ListSource(const ListSource&) = delete;
  ListSource& operator=(const ListSource&) = delete;

  /// Begins to load, and goes on to look for changes as long as it lives.
  virtual void start() = 0;
  /// Null until a version is there.
  [[nodiscard]] const std::shared_ptr<const filters::NameSet>& names() const { return names_; }
  /// Keeps in force, until the first load, what the list was before its source changed.
  void inherit(std::shared_ptr<const filters::NameSet> names) { names_ = std::move(names); }

 protected:
  ListSource(ListSurroundings& surroundings, const filters::DomainList& list);

  [[nodiscard]] ListSurroundings& surroundings() { return surroundings_; }
  [[nodiscard]] const filters::DomainList::Source& source() const { return source_; }
  [[nodiscard]] std::unique_ptr<ListLoad> make_load() const;
  /// Calls back on the control thread after `delay`, if the source still lives then.
  void call_after(std::chrono::milliseconds delay, std::function<void()> call);

  void succeed(const lists::ParsedList& list);
  void find_unchanged();
  /// Logged and counted when it is not what failed the last time.
  void fail(const std::string& problem);
  [[nodiscard]] std::uint64_t failures() const { return consecutive_failures_; }

 private:
  ListSurroundings& surroundings_;
  std::string name_;
  filters::DomainList::Source source_;
  filters::DomainList::EntryScope scope_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<const filters::NameSet> names_;
  ListState state_;
  std::uint64_t consecutive_failures_ = 0;
};

/// Calls back with the source on the control thread, if it still lives then. Any thread: only the
/// control thread ever holds a source, so only it destroys one.
template <typename Source, typename Call>
void deliver(boost::asio::io_context& control, std::weak_ptr<Source> weak, Call call) {
  boost::asio::post(control, [weak = std::move(weak), call = std::move(call)] {
    if (const auto source = weak.lock()) call(*source);
  });
}

std::shared_ptr<ListSource> make_file_source(ListSurroundings& surroundings,
                                             const filters::DomainList& list);
std::shared_ptr<ListSource> make_url_source(ListSurroundings& surroundings,
                                            const filters::DomainList& list);

}  // namespace sluice::proxy
