// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object_store.hpp"

namespace sluice::kubernetes {

void ObjectStore::put(ObjectPointer object, Changes& changes) {
  const auto it = objects_.find(object);
  const ObjectPointer previous = it == objects_.end() ? nullptr : *it;
  const bool is_same = previous != nullptr && previous->uid == object->uid;
  if (is_same && previous->resource_version == object->resource_version) return;
  if (previous != nullptr) objects_.erase(it);
  if (previous != nullptr && !is_same) changes.push_back({ChangeKind::deleted, previous, nullptr});
  objects_.insert(object);
  if (is_same) {
    changes.push_back({ChangeKind::updated, std::move(object), previous});
  } else {
    changes.push_back({ChangeKind::added, std::move(object), nullptr});
  }
}

void ObjectStore::remove(const ObjectPointer& object, Changes& changes) {
  const auto it = objects_.find(object);
  if (it == objects_.end() || (*it)->uid != object->uid) return;
  changes.push_back({ChangeKind::deleted, object, *it});
  objects_.erase(it);
}

Changes ObjectStore::replace(const std::vector<ObjectPointer>& objects) {
  const Objects wanted(objects.begin(), objects.end());
  Changes changes;
  for (auto it = objects_.begin(); it != objects_.end();) {
    const auto kept = wanted.find(*it);
    if (kept != wanted.end() && (*kept)->uid == (*it)->uid) {
      ++it;
      continue;
    }
    changes.push_back({ChangeKind::deleted, *it, nullptr});
    it = objects_.erase(it);
  }
  for (const ObjectPointer& object : wanted)
    put(object, changes);
  return changes;
}

ObjectPointer ObjectStore::find(std::string_view namespace_name, std::string_view name) const {
  const auto it = objects_.find(ByName::Name{namespace_name, name});
  return it == objects_.end() ? nullptr : *it;
}

}  // namespace sluice::kubernetes
