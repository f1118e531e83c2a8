// SPDX-License-Identifier: Apache-2.0
#include "crds/loader.hpp"

#include <algorithm>
#include <utility>

namespace sluice::crds {
namespace {

struct PolicyCollector {
  filters::PolicySet& policies;

  void operator()(const filters::Filter& filter) const { policies.filters.push_back(filter); }
  void operator()(const filters::Tenant& tenant) const { policies.tenants.push_back(tenant); }
  void operator()(const filters::Namespace& name_space) const {
    policies.namespaces.push_back(name_space);
  }
  void operator()(const filters::DomainList& list) const { policies.lists.push_back(list); }
  void operator()(const filters::UpstreamSpec& upstream) const {
    policies.upstreams.push_back(upstream);
  }
};

}  // namespace

Loader::Result Loader::load(std::span<const SourceFile> files) {
  read_files(files);
  const Claims claims = collect_claims();
  Objects in_force;
  Result result;
  for (const auto& [key, claimants] : claims) {
    settle(key, claimants, in_force);
    if (claimants.size() > 1 || !claimants.front().manifest->policy) ++result.invalid_count;
  }
  keep_undeclared(claims, in_force);

  for (const auto& [path, file] : files_) {
    if (!file.content.is_complete) ++result.invalid_count;
    const auto& problems = file.content.diagnostics;
    result.diagnostics.insert(result.diagnostics.end(), problems.begin(), problems.end());
  }
  report_duplicates(claims, in_force, result.diagnostics);
  for (const auto& [key, object] : in_force) {
    std::visit(PolicyCollector{result.policies}, *object.policy);
  }
  result.object_count = in_force.size();
  in_force_ = std::move(in_force);
  return result;
}

void Loader::read_files(std::span<const SourceFile> files) {
  std::map<std::string, KnownFile> known;
  for (const SourceFile& file : files) {
    const auto before = files_.find(file.path);
    const bool is_unchanged = before != files_.end() && before->second.text == file.text;
    known[file.path] =
        is_unchanged ? std::move(before->second) : KnownFile{file.text, read_manifests(file)};
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

void Loader::report_duplicates(const Claims& claims, const Objects& in_force,
                               config::Diagnostics& diagnostics) {
  for (const auto& [key, claimants] : claims) {
    const Claim& first = claimants.front();
    const char* outcome = in_force.contains(key) ? "; its last good version stays in force"
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

/// Puts into force what the manifests of one object say, or what they said last.
void Loader::settle(const ObjectKey& key, const std::vector<Claim>& claims,
                    Objects& in_force) const {
  std::set<std::string> paths;
  for (const Claim& claim : claims) {
    paths.insert(*claim.path);
  }
  const auto& stated = claims.front().manifest->policy;
  const auto last_good = in_force_.find(key);
  if (claims.size() == 1 && stated) {
    in_force.emplace(key, Object{stated, std::move(paths)});
  } else if (last_good != in_force_.end()) {
    in_force.emplace(key, Object{last_good->second.policy, std::move(paths)});
  }
}

/// Keeps the objects that may still be declared in a file that cannot be read as a whole.
void Loader::keep_undeclared(const Claims& claims, Objects& in_force) const {
  const auto is_unclear = [this](const std::string& path) {
    const auto file = files_.find(path);
    return file != files_.end() && !file->second.content.is_complete;
  };
  for (const auto& [key, object] : in_force_) {
    const bool may_be_there = std::any_of(object.files.begin(), object.files.end(), is_unclear);
    if (may_be_there && !claims.contains(key)) in_force.emplace(key, object);
  }
}

}  // namespace sluice::crds
