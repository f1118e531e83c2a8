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

bool is_broken(const PolicyPointer& policy) {
  const auto* filter = std::get_if<filters::Filter>(policy.get());
  return filter != nullptr && filter->is_broken;
}

}  // namespace

Loader::Result Loader::load(std::span<const Source> files, const Surroundings& surroundings) {
  read_files(files, surroundings.wants_warnings);
  make_candidates();
  Result result;
  collect_problems(result);
  const Policies kept = link(candidates_, collect_departed(), surroundings, result.diagnostics);
  report_duplicates(result.diagnostics);
  for (const auto& [key, candidate] : candidates_) {
    if (candidate.is_wrong) ++result.invalid_count;
  }
  remember(kept);
  for (const auto& [key, object] : objects_) {
    if (!object.in_force) continue;
    std::visit(PolicyCollector{result.policies, object.in_force}, *object.in_force);
    if (!is_broken(object.in_force)) ++result.object_count;
  }
  return result;
}

void Loader::read_files(std::span<const Source> files, bool wants_warnings) {
  ++round_;
  for (const Source& file : files) {
    const auto [known, is_new] = files_.try_emplace(file.path);
    known->second.round = round_;
    if (!is_new && known->second.text == file.text) continue;
    forget_claims(*known);
    read_file(*known, file, wants_warnings);
  }
  for (auto known = files_.begin(); known != files_.end();) {
    const bool is_gone = known->second.round != round_;
    if (is_gone) forget_claims(*known);
    known = is_gone ? files_.erase(known) : std::next(known);
  }
}

void Loader::read_file(Files::value_type& known, const Source& file, bool wants_warnings) {
  auto& [path, content] = known;
  content.text = file.text;
  content.content = read_manifests(file, wants_warnings);
  for (const Manifest& manifest : content.content.manifests) {
    Object& object = objects_[manifest.key];
    const auto place = std::ranges::upper_bound(object.claims, path, {},
                                                [](const Claim& claim) { return *claim.path; });
    object.claims.insert(place, {&path, &manifest});
  }
}

void Loader::forget_claims(const Files::value_type& known) {
  for (const Manifest& manifest : known.second.content.manifests) {
    Object& object = objects_.at(manifest.key);
    std::erase_if(object.claims, [&](const Claim& claim) { return claim.manifest == &manifest; });
    object.files.push_back(known.first);
  }
}

/// Goes through objects and candidates side by side, which both are in the order of their keys.
void Loader::make_candidates() {
  auto at = candidates_.begin();
  for (const auto& [key, object] : objects_) {
    std::optional<Candidate> candidate =
        object.claims.empty() ? make_undeclared(object) : make_candidate(object);
    while (at != candidates_.end() && at->first < key)
      at = candidates_.erase(at);
    if (!candidate) continue;
    if (at == candidates_.end() || at->first != key)
      at = candidates_.emplace_hint(at, key, Candidate{});
    at->second = *std::move(candidate);
    ++at;
  }
  candidates_.erase(at, candidates_.end());
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

Policies Loader::collect_departed() const {
  Policies departed;
  auto candidate = candidates_.begin();
  for (const auto& [key, object] : objects_) {
    const bool is_there = candidate != candidates_.end() && candidate->first == key;
    if (is_there) ++candidate;
    if (!is_there && object.in_force) departed.emplace(key, object.in_force);
  }
  return departed;
}

void Loader::remember(const Policies& kept) {
  auto candidate = candidates_.begin();
  for (auto at = objects_.begin(); at != objects_.end();) {
    auto& [key, object] = *at;
    const bool is_declared = candidate != candidates_.end() && candidate->first == key;
    if (is_declared)
      object.in_force = (candidate++)->second.in_force;
    else if (!kept.contains(key))
      object.in_force = nullptr;
    // Of one that may still be declared somewhere it is to be known where.
    if (!is_declared || !object.claims.empty()) object.files.clear();
    at = object.claims.empty() && !object.in_force ? objects_.erase(at) : std::next(at);
  }
}

void Loader::collect_problems(Result& result) const {
  for (const auto& [path, file] : files_) {
    if (!file.content.is_complete) ++result.invalid_count;
    const auto& problems = file.content.diagnostics;
    result.diagnostics.insert(result.diagnostics.end(), problems.begin(), problems.end());
  }
}

void Loader::report_duplicates(config::Diagnostics& diagnostics) const {
  for (const auto& [key, object] : objects_) {
    if (object.claims.size() < 2) continue;
    const Claim& first = object.claims.front();
    const PolicyPointer& in_force = candidates_.at(key).in_force;
    const char* outcome = in_force && !is_broken(in_force)
                              ? "; its last good version stays in force"
                              : "; neither takes effect";
    for (std::size_t i = 1; i < object.claims.size(); ++i) {
      diagnostics.push_back({.file = *object.claims[i].path,
                             .line = object.claims[i].manifest->line,
                             .path = "",
                             .message = to_text(key) + " is defined already at " + *first.path +
                                        ':' + std::to_string(first.manifest->line) + outcome});
    }
  }
}

}  // namespace sluice::crds
