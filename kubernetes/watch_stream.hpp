// SPDX-License-Identifier: Apache-2.0
// Cuts the body of a watch into events. The server writes one JSON document after the other,
//
//   {"type":"ADDED","object":{"kind":"DNSFilter","metadata":{...},"spec":{...}}}
//   {"type":"BOOKMARK","object":{"kind":"DNSFilter","metadata":{"resourceVersion":"1234"}}}
//
// and chunks, TLS records and segments end wherever they like: octets in, events out. No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/stream_parser.hpp>

#include "kubernetes/api_failure.hpp"

namespace sluice::kubernetes {

enum class EventType : std::uint8_t { added, modified, deleted, bookmark, error, unknown };

struct WatchEvent {
  EventType type = EventType::unknown;
  boost::json::object object;  ///< of an error: a Status
};

/// An etcd takes objects of about 1.5 MiB; ten times that is no object.
inline constexpr std::size_t default_max_event = 16UL << 20;

/// One watch. Not for use again once it has failed: there is no telling where the next event
/// begins.
class WatchStream {
 public:
  /// `max_event` is the most octets of one event's text.
  explicit WatchStream(std::size_t max_event = default_max_event);

  /// The events that are complete with these octets, each told as soon as its last octet is there.
  [[nodiscard]] std::vector<WatchEvent> feed(std::string_view octets);

  /// Why the rest of the stream is not read; events before it were given out.
  [[nodiscard]] const std::optional<ApiFailure>& failure() const { return failure_; }
  /// False while an event is there in part.
  [[nodiscard]] bool is_between_events() const { return size_ == 0; }

 private:
  std::string_view parse_some(std::string_view octets);
  void take_document(std::vector<WatchEvent>& events);
  void fail(FailureKind kind, std::string text);

  boost::json::stream_parser parser_;
  std::size_t max_event_;
  std::size_t size_ = 0;  ///< of the event that is being read, so far
  std::optional<ApiFailure> failure_;
};

}  // namespace sluice::kubernetes
