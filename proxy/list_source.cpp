// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_source.hpp"

#include "proxy/log.hpp"

namespace sluice::proxy {

std::string list_name(const filters::ListKey& key) {
  return key.namespace_name.empty() ? key.name : key.namespace_name + '/' + key.name;
}

std::shared_ptr<ListSource> ListSource::make(ListSurroundings& surroundings,
                                             const filters::DomainList& list) {
  if (list.source->url.empty()) return make_file_source(surroundings, list);
  return make_url_source(surroundings, list);
}

ListSource::ListSource(ListSurroundings& surroundings, const filters::DomainList& list)
    : surroundings_(surroundings),
      name_(list_name(list.key)),
      source_(*list.source),
      scope_(list.entry_scope),
      timer_(surroundings.control) {
  surroundings_.status.list_changed(name_, state_);
}

std::unique_ptr<ListLoad> ListSource::make_load() const {
  const config::Lists& settings = surroundings_.settings;
  const lists::ListOptions options{
      .format = source_.format,
      .scope = scope_,
      .limits = {.max_entries = settings.max_entries, .max_octets = settings.max_bytes},
      .seed = surroundings_.hash_seed};
  return std::make_unique<ListLoad>(name_, options, surroundings_.loader.stop_flag());
}

void ListSource::call_after(std::chrono::milliseconds delay, std::function<void()> call) {
  timer_.expires_after(delay);
  timer_.async_wait(
      [weak = weak_from_this(), call = std::move(call)](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (self && !error) call();
      });
}

void ListSource::succeed(const lists::ParsedList& list) {
  names_ = list.names;
  consecutive_failures_ = 0;
  state_.is_available = true;
  state_.entries = list.names->size();
  state_.bad_lines = list.bad_line_count;
  state_.memory = list.names->memory();
  find_unchanged();
  surroundings_.on_change();
}

void ListSource::find_unchanged() {
  consecutive_failures_ = 0;
  state_.problem.clear();
  state_.last_success = std::chrono::system_clock::now();
  surroundings_.status.list_changed(name_, state_);
}

void ListSource::fail(const std::string& problem) {
  ++consecutive_failures_;
  if (problem == state_.problem && !source_.path.empty()) return;  // looked at every second
  ++state_.failures;
  state_.problem = problem;
  surroundings_.status.list_changed(name_, state_);
  log::warn(names_ != nullptr ? "a list cannot be loaded, its last good version stays in force"
                              : "a list cannot be loaded",
            {{"list", name_},
             {"source", source_.path.empty() ? source_.url : source_.path},
             {"problem", problem}});
}

}  // namespace sluice::proxy
