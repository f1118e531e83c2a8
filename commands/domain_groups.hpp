// SPDX-License-Identifier: Apache-2.0
// Names by the domain that somebody registered, as the Public Suffix List tells: `api.psp.example`
// and `www.psp.example` belong to `psp.example`, but `one.github.io` and `two.github.io` to two.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

struct psl_ctx_st;

namespace sluice::commands {

/// Names of one registrable domain.
struct DomainGroup {
  std::string domain;           ///< registrable, or the name itself where nothing can be registered
  std::set<std::string> names;  ///< lower case, no final dot
  std::uint64_t queries = 0;    ///< for all of them

  /// So many different names below a domain are a pattern: there will be more tomorrow.
  static constexpr std::size_t names_for_pattern = 3;
  /// What a rule has to list to match the names: `.domain`, or each of them.
  [[nodiscard]] std::vector<std::string> patterns() const;
};

/// The Public Suffix List as the system has it.
class PublicSuffixes {
 public:
  PublicSuffixes();
  /// The domain to which `name` (lower case, no final dot) belongs; the name itself if it is a
  /// public suffix.
  [[nodiscard]] std::string registrable(const std::string& name) const;

 private:
  struct Deleter {
    void operator()(psl_ctx_st* list) const;
  };
  std::unique_ptr<psl_ctx_st, Deleter> list_;
};

/// Groups by domain, in the order of their domains.
std::vector<DomainGroup> group_by_domain(const std::map<std::string, std::uint64_t>& names,
                                         const PublicSuffixes& suffixes);

}  // namespace sluice::commands
