// SPDX-License-Identifier: Apache-2.0
#include "crds/loader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::crds {
namespace {

/// Puts one policy, which it shares, where it belongs.
struct PolicyCollector {
  filters::PolicySet& policies;
  const PolicyPointer& policy;

  void operator()(const filters::Filter& filter) const { share(filter, policies.filters); }
  void operator()(const filters::Tenant& tenant) const { share(tenant, policies.tenants); }
  void operator()(const filters::Namespace& space) const { share(space, policies.namespaces); }
  void operator()(const filters::DomainList& list) const { share(list, policies.lists); }
  void operator()(const filters::UpstreamSpec& spec) const { share(spec, policies.upstreams); }

  template <typename Object>
  void share(const Object& object, filters::Shared<Object>& objects) const {
    objects.push_back(std::shared_ptr<const Object>(policy, &object));
  }
};

/// Whatever became of the known one: its address may be another's by now.
bool is_same(const std::weak_ptr<const Source>& known, const Sources::Pointer& source) {
  return !known.owner_before(source) && !source.owner_before(known);
}

bool is_broken(const PolicyPointer& policy) {
  const auto* filter = std::get_if<filters::Filter>(policy.get());
  return filter != nullptr && filter->is_broken;
}

}  // namespace

Loader::Result Loader::load(const Sources& files, const Surroundings& surroundings) {
  Result result;
  read_files(files, surroundings.warnings);
  sweep_files(result);
  const Policies departed = make_candidates();
  const Policies kept = link(candidates_, departed, surroundings, result.diagnostics);
  settle(kept, result);
  return result;
}

void Loader::read_files(const Sources& files, Warnings warnings) {
  ++round_;
  auto next = files_.begin();  // where the file is when they come in the order of their paths
  for (const auto& file : files.pointers()) {
    const bool is_known = next != files_.end() && is_same(next->second.source, file);
    const auto known = is_known ? next : read_file(file, warnings);
    known->second.round = round_;
    next = std::next(known);
  }
}

/// Files that are gone are forgotten; of the others it is told what is wrong.
void Loader::sweep_files(Result& result) {
  for (auto known = files_.begin(); known != files_.end();) {
    if (known->second.round != round_) {
      forget_claims(*known);
      known = files_.erase(known);
      continue;
    }
    const ManifestFile& content = known->second.content;
    if (!content.is_complete) ++result.invalid_count;
    result.diagnostics.insert(result.diagnostics.end(), content.diagnostics.begin(),
                              content.diagnostics.end());
    ++known;
  }
}

Loader::Files::iterator Loader::read_file(const Sources::Pointer& file, Warnings warnings) {
  const auto [known, is_new] = files_.try_emplace(file->path);
  auto& [path, content] = *known;
  content.source = file;
  if (!is_new && content.text == file->text) return known;
  forget_claims(*known);
  content.text = file->text;
  content.content = read_manifests(*file, warnings);
  for (const Manifest& manifest : content.content.manifests) {
    Object& object = objects_[manifest.key];
    const auto place = std::ranges::upper_bound(object.claims, path, {},
                                                [](const Claim& claim) { return *claim.path; });
    object.claims.insert(place, {&path, &manifest});
  }
  return known;
}

void Loader::forget_claims(const Files::value_type& known) {
  for (const Manifest& manifest : known.second.content.manifests) {
    Object& object = objects_.at(manifest.key);
    std::erase_if(object.claims, [&](const Claim& claim) { return claim.manifest == &manifest; });
    object.files.push_back(known.first);
  }
}

/// Returns what was in force and is declared no more.
Policies Loader::make_candidates() {
  Policies departed;
  for (auto& [key, object] : objects_) {
    std::optional<Candidate> candidate =
        object.claims.empty() ? make_undeclared(object) : make_candidate(object);
    if (candidate) {
      if (object.candidate == nullptr) object.candidate = &candidates_[key];
      *object.candidate = *std::move(candidate);
      continue;
    }
    if (object.candidate != nullptr) candidates_.erase(key);
    object.candidate = nullptr;
    if (object.in_force) departed.emplace(key, object.in_force);
  }
  return departed;
}

Candidate Loader::make_candidate(const Object& object) {
  const Manifest& manifest = *object.claims.front().manifest;
  Candidate candidate{.origin = manifest.origin, .broken = manifest.broken};
  if (object.claims.size() == 1) {
    candidate.stated = manifest.policy;
  } else if (manifest.policy) {
    candidate.broken = make_broken(*manifest.policy);
  }
  candidate.is_wrong = candidate.stated == nullptr;
  if (object.in_force && !is_broken(object.in_force)) candidate.last_good = object.in_force;
  return candidate;
}

/// An object that may still be declared in a file that cannot be read as a whole.
std::optional<Candidate> Loader::make_undeclared(const Object& object) const {
  const auto is_unclear = [this](const std::string& path) {
    const auto file = files_.find(path);
    return file != files_.end() && !file->second.content.is_complete;
  };
  const auto unclear = std::ranges::find_if(object.files, is_unclear);
  if (!object.in_force || unclear == object.files.end()) return std::nullopt;
  Candidate candidate{.origin = std::make_shared<const Origin>(Origin{.file = *unclear})};
  (is_broken(object.in_force) ? candidate.broken : candidate.last_good) = object.in_force;
  return candidate;
}

void Loader::settle(const Policies& kept, Result& result) {
  for (auto at = objects_.begin(); at != objects_.end();) {
    auto& [key, object] = *at;
    remember(key, object, kept);
    tell(key, object, result);
    const bool is_gone = object.claims.empty() && !object.in_force;
    if (is_gone) candidates_.erase(key);
    at = is_gone ? objects_.erase(at) : std::next(at);
  }
}

void Loader::remember(const ObjectKey& key, Object& object, const Policies& kept) {
  const bool is_declared = object.candidate != nullptr;
  if (is_declared)
    object.in_force = object.candidate->in_force;
  else if (!kept.contains(key))
    object.in_force = nullptr;
  // Of one that may still be declared somewhere it is to be known where.
  if (!is_declared || !object.claims.empty()) object.files.clear();
}

void Loader::tell(const ObjectKey& key, const Object& object, Result& result) {
  if (object.candidate != nullptr && object.candidate->is_wrong) ++result.invalid_count;
  if (object.claims.size() > 1) report_duplicates(key, object, result.diagnostics);
  if (!object.in_force) return;
  std::visit(PolicyCollector{result.policies, object.in_force}, *object.in_force);
  if (!is_broken(object.in_force)) ++result.object_count;
}

void Loader::report_duplicates(const ObjectKey& key, const Object& object,
                               config::Diagnostics& diagnostics) {
  const Claim& first = object.claims.front();
  const char* outcome = object.in_force && !is_broken(object.in_force)
                            ? "; its last good version stays in force"
                            : "; neither takes effect";
  for (std::size_t i = 1; i < object.claims.size(); ++i) {
    diagnostics.push_back({.file = *object.claims[i].path,
                           .line = object.claims[i].manifest->line,
                           .path = "",
                           .message = to_text(key) + " is defined already at " + *first.path + ':' +
                                      std::to_string(first.manifest->line) + outcome});
  }
}

}  // namespace sluice::crds
