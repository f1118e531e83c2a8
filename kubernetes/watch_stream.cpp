// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/watch_stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

constexpr std::string_view whitespace = " \t\r\n";

EventType type_of(std::string_view text) {
  using Named = std::pair<std::string_view, EventType>;
  static constexpr std::array names{
      Named{"ADDED", EventType::added}, Named{"MODIFIED", EventType::modified},
      Named{"DELETED", EventType::deleted}, Named{"BOOKMARK", EventType::bookmark},
      Named{"ERROR", EventType::error}};
  const auto* it = std::ranges::find(names, text, &Named::first);
  return it == names.end() ? EventType::unknown : it->second;
}

}  // namespace

WatchStream::WatchStream(std::size_t max_event)
    : parser_({}, parse_options()), max_event_(max_event) {}

std::vector<WatchEvent> WatchStream::feed(std::string_view octets) {
  std::vector<WatchEvent> events;
  while (!failure_) {
    // Between events whitespace is nothing; the parser would take it for the start of one.
    if (size_ == 0)
      octets.remove_prefix(std::min(octets.find_first_not_of(whitespace), octets.size()));
    if (octets.empty()) break;
    octets = parse_some(octets);
    if (!failure_ && parser_.done()) take_document(events);
  }
  return events;
}

/// Returns what is left for the next event.
std::string_view WatchStream::parse_some(std::string_view octets) {
  if (size_ == max_event_) {
    fail(FailureKind::too_large,
         "an event of the watch has more than " + std::to_string(max_event_) + " octets");
    return {};
  }
  const std::string_view allowed = octets.substr(0, max_event_ - size_);
  boost::system::error_code error;
  const std::size_t used = parser_.write_some(allowed, error);
  if (error) fail(FailureKind::invalid, "the watch is no sequence of JSON: " + error.message());
  size_ += used;
  return octets.substr(used);
}

void WatchStream::take_document(std::vector<WatchEvent>& events) {
  boost::json::value document = parser_.release();
  parser_.reset();
  size_ = 0;
  boost::json::object* event = document.if_object();
  boost::json::value* object = event == nullptr ? nullptr : event->if_contains("object");
  if (object == nullptr || !object->is_object())
    return fail(FailureKind::invalid, "the watch has something that is no event");
  events.push_back({type_of(find_string(*event, "type")), std::move(object->get_object())});
}

void WatchStream::fail(FailureKind kind, std::string text) {
  failure_ = ApiFailure{.kind = kind, .text = std::move(text)};
}

}  // namespace sluice::kubernetes
