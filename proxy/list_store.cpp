// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_store.hpp"

#include <algorithm>
#include <utility>

#include "filters/name_set_builder.hpp"
#include "lists/line_format.hpp"
#include "proxy/list_url.hpp"

namespace sluice::proxy {
namespace {

bool is_same(const filters::DomainList& left, const filters::DomainList& right) {
  return left.entry_scope == right.entry_scope && left.source == right.source &&
         left.entries == right.entries;
}

/// What no later change outside of the policies could mend. Empty when there is nothing.
std::string problem_of(const filters::DomainList& list, const config::Lists& settings) {
  if (!list.source) return {};
  const filters::DomainList::Source& source = *list.source;
  if (!source.url.empty()) {
    if (ListUrl::from_text(source.url)) return {};
    return "the url '" + source.url +
           "' is none that lists can be fetched from; expected http:// or https:// with a host, "
           "without user name and password";
  }
  if (settings.directory.empty())
    return "the list is a file, and sluice.yaml does not say where files are; set lists.directory";
  const std::filesystem::path path(source.path);
  const bool has_parent = std::find(path.begin(), path.end(), "..") != path.end();
  if (!path.empty() && path.is_relative() && !has_parent) return {};
  return "the path '" + source.path + "' must be relative to lists.directory and without '..'";
}

}  // namespace

ListStore::ListStore(boost::asio::io_context& control, const Options& options,
                     ProcessStatus& status, std::function<void()> on_change)
    : loader_(std::make_unique<ListLoader>()),
      surroundings_{.control = control,
                    .loader = *loader_,
                    .status = status,
                    .settings = options.settings,
                    .hash_seed = options.hash_seed,
                    .poll_interval = options.poll_interval,
                    .first_retry = options.first_retry,
                    .on_change = std::move(on_change)} {}

ListStore::~ListStore() = default;

filters::NameSets ListStore::update(const filters::Shared<filters::DomainList>& lists,
                                    config::Diagnostics& diagnostics) {
  std::map<filters::ListKey, Entry> wanted;
  for (const filters::DomainList& list : lists) {
    if (auto problem = problem_of(list, surroundings_.settings); !problem.empty()) {
      diagnostics.push_back({.file = {},
                             .line = 0,
                             .path = "list " + list_name(list.key),
                             .message = std::move(problem)});
      continue;
    }
    const auto before = entries_.find(list.key);
    const bool is_known = before != entries_.end();
    if (is_known && is_same(before->second.spec, list)) {
      wanted.insert(entries_.extract(before));
    } else {
      wanted.try_emplace(list.key, make_entry(list, is_known ? &before->second : nullptr));
    }
  }
  for (const auto& [key, entry] : entries_)
    if (!wanted.contains(key)) surroundings_.status.list_removed(list_name(key));
  entries_ = std::move(wanted);
  return sets();
}

filters::NameSets ListStore::sets() const {
  filters::NameSets sets;
  for (const auto& [key, entry] : entries_)
    if (auto names = entry.names()) sets.emplace(key, std::move(names));
  return sets;
}

std::vector<std::string> ListStore::missing() const {
  std::vector<std::string> names;
  for (const auto& [key, entry] : entries_)
    if (entry.names() == nullptr) names.push_back(list_name(key));
  return names;
}

std::shared_ptr<const filters::NameSet> ListStore::Entry::names() const {
  return source ? source->names() : inline_names;
}

ListStore::Entry ListStore::make_entry(const filters::DomainList& list, const Entry* before) {
  Entry entry{.spec = list, .inline_names = nullptr, .source = nullptr};
  if (list.source) {
    entry.source = ListSource::make(surroundings_, list);
    if (before != nullptr) entry.source->inherit(before->names());
    entry.source->start();
  } else {
    entry.inline_names = compile(list);
  }
  return entry;
}

std::shared_ptr<const filters::NameSet> ListStore::compile(const filters::DomainList& list) {
  filters::NameSet::Builder builder(surroundings_.hash_seed);
  for (const dns::CompactName& name : list.entries)
    builder.add(name, lists::reach_of(list.entry_scope));
  auto names = std::make_shared<const filters::NameSet>(std::move(builder).finish());
  ListState state;
  state.is_available = true;
  state.entries = names->size();
  state.memory = names->memory();
  state.last_success = std::chrono::system_clock::now();
  surroundings_.status.list_changed(list_name(list.key), state);
  return names;
}

}  // namespace sluice::proxy
