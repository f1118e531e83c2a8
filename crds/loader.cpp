// SPDX-License-Identifier: Apache-2.0
#include "crds/loader.hpp"

#include <algorithm>
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
  const Claims claims = collect_claims();
  Candidates candidates;
  for (const auto& [key, claimants] : claims) {
    candidates.emplace(key, make_candidate(key, claimants));
  }
  add_undeclared(claims, candidates);

  Result result;
  for (const auto& [path, file] : files_) {
    if (!file.content.is_complete) ++result.invalid_count;
    const auto& problems = file.content.diagnostics;
    result.diagnostics.insert(result.diagnostics.end(), problems.begin(), problems.end());
  }
  const Policies kept =
      link(candidates, collect_departed(candidates), surroundings, result.diagnostics);
  report_duplicates(claims, candidates, result.diagnostics);
  for (const auto& [key, candidate] : candidates) {
    if (candidate.is_wrong) ++result.invalid_count;
  }
  remember(claims, candidates, kept);
  for (const auto& [key, object] : in_force_) {
    std::visit(PolicyCollector{result.policies, object.policy}, *object.policy);
    if (!is_broken(object.policy)) ++result.object_count;
  }
  return result;
}

void Loader::read_files(std::span<const Source> files, bool wants_warnings) {
  std::map<std::string, KnownFile> known;
  for (const Source& file : files) {
    const auto before = files_.find(file.path);
    const bool is_unchanged = before != files_.end() && before->second.text == file.text;
    known[file.path] = is_unchanged
                           ? std::move(before->second)
                           : KnownFile{file.text, read_manifests(file, wants_warnings)};
  }
  files_ = std::move(known);
}

Loader::Claims Loader::collect_claims() const {
  Claims claims;
  for (const auto& [path, file] : files_) {
    for (const Manifest& manifest : file.content.manifests) {
      claims[manifest.key].push_back({&path, &manifest});
    }
  }
  return claims;
}

Candidate Loader::make_candidate(const ObjectKey& key, const std::vector<Claim>& claims) const {
  const Manifest& manifest = *claims.front().manifest;
  Candidate candidate{.origin = manifest.origin, .broken = manifest.broken};
  if (claims.size() == 1) {
    candidate.stated = manifest.policy;
  } else if (manifest.policy) {
    candidate.broken = make_broken(*manifest.policy);
  }
  candidate.is_wrong = candidate.stated == nullptr;
  const auto before = in_force_.find(key);
  if (before != in_force_.end() && !is_broken(before->second.policy))
    candidate.last_good = before->second.policy;
  return candidate;
}

/// The objects that may still be declared in a file that cannot be read as a whole.
void Loader::add_undeclared(const Claims& claims, Candidates& candidates) const {
  const auto is_unclear = [this](const std::string& path) {
    const auto file = files_.find(path);
    return file != files_.end() && !file->second.content.is_complete;
  };
  for (const auto& [key, object] : in_force_) {
    const auto unclear = std::ranges::find_if(object.files, is_unclear);
    if (unclear == object.files.end() || claims.contains(key)) continue;
    Candidate candidate{.origin = std::make_shared<const Origin>(Origin{.file = *unclear})};
    (is_broken(object.policy) ? candidate.broken : candidate.last_good) = object.policy;
    candidates.emplace(key, std::move(candidate));
  }
}

Policies Loader::collect_departed(const Candidates& candidates) const {
  Policies departed;
  for (const auto& [key, object] : in_force_) {
    if (!candidates.contains(key)) departed.emplace(key, object.policy);
  }
  return departed;
}

void Loader::remember(const Claims& claims, const Candidates& candidates, const Policies& kept) {
  std::map<ObjectKey, Object> in_force;
  for (const auto& [key, candidate] : candidates) {
    if (!candidate.in_force) continue;
    Object& object = in_force[key];
    object.policy = candidate.in_force;
    const auto claimants = claims.find(key);
    if (claimants == claims.end()) object.files = in_force_.at(key).files;
    for (std::size_t i = 0; claimants != claims.end() && i < claimants->second.size(); ++i) {
      object.files.insert(*claimants->second[i].path);
    }
  }
  for (const auto& [key, policy] : kept) {
    in_force.emplace(key, Object{policy, {}});
  }
  in_force_ = std::move(in_force);
}

void Loader::report_duplicates(const Claims& claims, const Candidates& candidates,
                               config::Diagnostics& diagnostics) {
  for (const auto& [key, claimants] : claims) {
    const Claim& first = claimants.front();
    const PolicyPointer& in_force = candidates.at(key).in_force;
    const char* outcome = in_force && !is_broken(in_force)
                              ? "; its last good version stays in force"
                              : "; neither takes effect";
    for (std::size_t i = 1; i < claimants.size(); ++i) {
      diagnostics.push_back({.file = *claimants[i].path,
                             .line = claimants[i].manifest->line,
                             .path = "",
                             .message = to_text(key) + " is defined already at " + *first.path +
                                        ':' + std::to_string(first.manifest->line) + outcome});
    }
  }
}

}  // namespace sluice::crds
