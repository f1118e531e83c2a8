// SPDX-License-Identifier: Apache-2.0
// Objects for the tests of this folder, in as few words as possible.
#pragma once

#include <string>

#include "kubernetes/json_access.hpp"
#include "kubernetes/object_store.hpp"
#include "kubernetes/watch_stream.hpp"

namespace sluice::tests {

struct Identity {
  std::string name;
  std::string uid;
  std::string version;
};

inline std::string object_text(const Identity& of) {
  return R"({"metadata":{"namespace":"shop","name":")" + of.name + R"(","uid":")" + of.uid +
         R"(","resourceVersion":")" + of.version + R"("}})";
}

inline boost::json::object object_json(const Identity& of) {
  return *kubernetes::parse_object(object_text(of));
}

inline kubernetes::ObjectPointer object(const Identity& of) {
  return kubernetes::make_object(object_json(of));
}

inline kubernetes::WatchEvent event(kubernetes::EventType type, const Identity& of) {
  return {type, object_json(of)};
}

/// `+a/1 ~b/2 -c/3`: added, updated and deleted, with uids.
inline std::string to_text(const kubernetes::Changes& changes) {
  std::string text;
  for (const auto& change : changes) {
    if (!text.empty()) text += ' ';
    text += "+~-"[static_cast<std::size_t>(change.kind)];
    text += change.object->name + '/' + change.object->uid;
  }
  return text;
}

}  // namespace sluice::tests
