// SPDX-License-Identifier: Apache-2.0
// All lists that policies speak of, compiled: each held once, whoever refers to it, and exchanged
// as a whole when there is a new version.
//
//   ListStore lists({.control = context, ...}, status, [&] { reload(); });
//   const filters::NameSets sets = lists.update(policies.lists, diagnostics);
//
// Lists with entries of their own are there at once. Others are loaded on a thread of their own;
// until then they are not in the result, and the callback tells when they are.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"
#include "filters/name_set.hpp"
#include "filters/policy.hpp"
#include "proxy/list_source.hpp"
#include "proxy/process_status.hpp"

namespace sluice::proxy {

/// Lives on the control thread; everything is called there, the callback too.
class ListStore {
 public:
  struct Options {
    config::Lists settings;
    std::uint64_t hash_seed = 0;                    ///< as of CompilerOptions
    std::chrono::milliseconds poll_interval{1000};  ///< between looks at files
    std::chrono::milliseconds first_retry{5000};    ///< of a download that failed
  };

  /// `control` and `status` outlive the store. `on_change` is never called from within update().
  ListStore(boost::asio::io_context& control, const Options& options, ProcessStatus& status,
            std::function<void()> on_change);
  /// Gives up what is being loaded, and waits for that.
  ~ListStore();
  ListStore(const ListStore&) = delete;
  ListStore& operator=(const ListStore&) = delete;

  /// From now on these lists are wanted and no others. Returns what is there of them. Lists that
  /// are wanted as before are not loaded again; one whose source has changed stays what it was
  /// until the new one is there. `diagnostics` gets what can never work with these settings.
  filters::NameSets update(const filters::Shared<filters::DomainList>& lists,
                           config::Diagnostics& diagnostics);
  /// The same as update() returned, as of now.
  [[nodiscard]] filters::NameSets sets() const;
  /// Wanted lists of which no version is there yet, by what logs and metrics call them.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  struct Entry {
    filters::DomainList spec;
    std::shared_ptr<const filters::NameSet> inline_names;  ///< without a source
    std::shared_ptr<ListSource> source;
    [[nodiscard]] std::shared_ptr<const filters::NameSet> names() const;
  };

  Entry make_entry(const filters::DomainList& list, const Entry* before);
  [[nodiscard]] std::shared_ptr<const filters::NameSet> compile(const filters::DomainList& list);

  std::unique_ptr<ListLoader> loader_;  ///< before what refers to it
  ListSurroundings surroundings_;
  std::map<filters::ListKey, Entry> entries_;
};

}  // namespace sluice::proxy
