// SPDX-License-Identifier: Apache-2.0
// From files of manifests to policies. What is wrong never takes effect and never takes down what
// was right: of every object the last good version stays in force until the object is mended or
// removed.
//
//   the object is wrong now, by itself or       -> its last good version, or nothing; of a filter
//   because of others (linker.hpp)                 without one, a broken one stands in
//   two manifests claim to be the same object   -> the same
//   the file is no YAML, or holds something     -> all objects that the file had, unless they are
//   that cannot be told                            declared elsewhere now
//   the object stands in no file any more       -> it is gone
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "crds/linker.hpp"
#include "crds/manifest.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Not thread-safe. Files whose text has not changed are not read again.
class Loader {
 public:
  struct Result {
    filters::PolicySet policies;  ///< ordered by kind, namespace and name
    config::Diagnostics diagnostics;
    std::size_t object_count = 0;   ///< objects in force, broken filters not counted
    std::size_t invalid_count = 0;  ///< objects that are wrong now, and files that are no manifests
  };

  /// `files` is everything that there is now.
  Result load(std::span<const Source> files, const Surroundings& surroundings = {});

 private:
  struct KnownFile {
    std::string text;
    ManifestFile content;
  };
  struct Object {
    PolicyPointer policy;
    std::set<std::string> files;  ///< the paths that declare it
  };
  struct Claim {
    const std::string* path;
    const Manifest* manifest;
  };
  using Claims = std::map<ObjectKey, std::vector<Claim>>;

  void read_files(std::span<const Source> files, bool wants_warnings);
  [[nodiscard]] Claims collect_claims() const;
  [[nodiscard]] Candidate make_candidate(const ObjectKey& key,
                                         const std::vector<Claim>& claims) const;
  void add_undeclared(const Claims& claims, Candidates& candidates) const;
  [[nodiscard]] Policies collect_departed(const Candidates& candidates) const;
  void remember(const Claims& claims, const Candidates& candidates, const Policies& kept);
  static void report_duplicates(const Claims& claims, const Candidates& candidates,
                                config::Diagnostics& diagnostics);

  std::map<std::string, KnownFile> files_;
  std::map<ObjectKey, Object> in_force_;
};

}  // namespace sluice::crds
