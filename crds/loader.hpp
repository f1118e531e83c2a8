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
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "crds/linker.hpp"
#include "crds/manifest.hpp"
#include "filters/policy.hpp"

namespace sluice::crds {

/// Not thread-safe. Files whose text has not changed are not read again, and where sources are the
/// same as last time, in the order of their paths, not even their text is looked at.
class Loader {
 public:
  struct Result {
    filters::PolicySet policies;  ///< ordered by kind, namespace and name
    config::Diagnostics diagnostics;
    std::size_t object_count = 0;   ///< objects in force, broken filters not counted
    std::size_t invalid_count = 0;  ///< objects that are wrong now, and files that are no manifests
  };

  /// `files` is everything that there is now.
  Result load(const Sources& files, const Surroundings& surroundings = {});

 private:
  struct KnownFile {
    /// Not kept alive: it may hold an object whose next version says the same.
    std::weak_ptr<const Source> source;
    std::string text;
    ManifestFile content;
    std::uint64_t round = 0;  ///< of load() in which it was there last
  };
  using Files = std::map<std::string, KnownFile>;
  struct Claim {
    const std::string* path;
    const Manifest* manifest;
  };
  /// What is known of one object. With tens of thousands of them, of which one has changed, what
  /// counts is that nothing is made anew for the others.
  struct Object {
    std::vector<Claim> claims;       ///< the manifests that declare it, by path
    std::vector<std::string> files;  ///< where no manifest declares it: those that did last
    PolicyPointer in_force;          ///< null for nothing
    Candidate* candidate = nullptr;  ///< in candidates_; null while it is declared nowhere
  };

  void read_files(const Sources& files, Warnings warnings);
  Files::iterator read_file(const Sources::Pointer& file, Warnings warnings);
  void forget_claims(const Files::value_type& known);
  void sweep_files(Result& result);
  Policies make_candidates();
  [[nodiscard]] static Candidate make_candidate(const Object& object);
  [[nodiscard]] std::optional<Candidate> make_undeclared(const Object& object) const;
  /// Remembers what is in force now, and tells.
  void settle(const Policies& kept, Result& result);
  static void remember(const ObjectKey& key, Object& object, const Policies& kept);
  static void tell(const ObjectKey& key, const Object& object, Result& result);
  static void report_duplicates(const ObjectKey& key, const Object& object,
                                config::Diagnostics& diagnostics);

  std::uint64_t round_ = 0;
  Files files_;
  std::map<ObjectKey, Object> objects_;
  Candidates candidates_;
};

}  // namespace sluice::crds
