// SPDX-License-Identifier: Apache-2.0
// What is listed and watched, and how it is asked for in a URL.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "kubernetes/object.hpp"

namespace sluice::kubernetes {

/// How much of each object the server sends.
enum class Projection : std::uint8_t {
  whole,
  metadata  ///< PartialObjectMetadata: names, labels and annotations, as namespaces need
};

/// One kind, everywhere or in one namespace, or those that selectors choose.
struct Resource {
  std::string
      path;  ///< `/apis/GROUP/VERSION/PLURAL`, with `namespaces/NAME/` before PLURAL for one
  std::string field_selector = {};  ///< as it is written; it is escaped here
  std::string label_selector = {};
  Projection projection = Projection::whole;
  /// Of each object; null for nothing.
  Trim trim = nullptr;
};

/// One page of a list.
struct ListQuery {
  /// Empty: what is in force now. Otherwise: at least as new as this.
  std::string resource_version = {};
  std::size_t limit = 0;            ///< 0: everything at once
  std::string continue_token = {};  ///< of the page before; names the resource version too
};

struct WatchQuery {
  std::string resource_version;
  std::chrono::seconds timeout;  ///< after which the server ends the watch
};

std::string list_target(const Resource& resource, const ListQuery& query);
std::string watch_target(const Resource& resource, const WatchQuery& query);

enum class Answer : std::uint8_t { list, watch };
/// The Accept header for the projection.
std::string accept_header(Projection projection, Answer answer);

}  // namespace sluice::kubernetes
