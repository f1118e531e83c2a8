// SPDX-License-Identifier: Apache-2.0
// The manifest of a suggestion, written for somebody who reviews it: what each rule covers stands
// above it, and what the list leaves out at its head.
#include <algorithm>
#include <cctype>
#include <set>

#include "commands/suggestion.hpp"

namespace sluice::commands {
namespace {

using filters::EnforcementMode;

// The limits of the CRD.
constexpr std::size_t max_rules = 64;
constexpr std::size_t max_domains = 256;
/// A filter on trial ends with two rules of ours.
constexpr std::size_t max_suggested_rules = max_rules - 2;
constexpr std::size_t max_label_size = 63;

constexpr const char* cluster_rule = "cluster-names";
constexpr const char* last_rule = "everything-else";

struct Rule {
  std::string name;
  std::vector<std::string> domains;
  std::uint64_t queries = 0;
  std::size_t names = 0;
};

void add_group(Rule& rule, const DomainGroup& group) {
  const auto patterns = group.patterns();
  rule.domains.insert(rule.domains.end(), patterns.begin(), patterns.end());
  rule.queries += group.queries;
  rule.names += group.names.size();
}

/// Names of rules: DNS labels, each once.
class RuleNames {
 public:
  std::string unique(const std::string& domain) {
    std::string label = domain.substr(0, max_label_size - 4);  // room for a number
    std::ranges::replace_if(label, [](unsigned char c) { return std::isalnum(c) == 0; }, '-');
    label.erase(0, label.find_first_not_of('-'));
    label.erase(label.find_last_not_of('-') + 1);
    if (label.empty()) label = "names";
    std::string name = label;
    for (int i = 2; !used_.insert(name).second; ++i)
      name = label + '-' + std::to_string(i);
    return name;
  }

 private:
  std::set<std::string> used_{cluster_rule, last_rule};
};

/// A rule for each domain, as long as a filter has room for so many; else rules with as many names
/// as fit.
std::vector<Rule> make_rules(const std::vector<DomainGroup>& groups) {
  const bool is_one_each = groups.size() <= max_suggested_rules;
  std::vector<Rule> rules;
  RuleNames names;
  for (const DomainGroup& group : groups) {
    const bool is_full =
        rules.empty() || rules.back().domains.size() + group.patterns().size() > max_domains;
    if (is_one_each || is_full) {
      rules.push_back({.name = names.unique(is_one_each ? group.domain : "names"), .domains = {}});
    }
    add_group(rules.back(), group);
  }
  return rules;
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string queries(std::uint64_t count) {
  return counted(count, "query", "queries");
}

/// In quotes: an asterisk or a number means something else to YAML.
std::string list_of(const std::vector<std::string>& domains) {
  std::string text;
  for (const std::string& domain : domains)
    text += (text.empty() ? "[\"" : ", \"") + domain + '"';
  return text + ']';
}

std::string text_of(const Rule& rule) {
  return "  # " + queries(rule.queries) + " for " + counted(rule.names, "name", "names") +
         "\n  - name: " + rule.name + "\n    action: Allow\n    domains: " + list_of(rule.domains) +
         '\n';
}

std::string left_out_line(std::uint64_t count, const std::string& reason) {
  return count == 0 ? "" : "# Left out: " + queries(count) + " (" + reason + ").\n";
}

std::string head(const Suggestion& suggestion, const SuggestionOptions& options) {
  const LeftOut& left_out = suggestion.left_out;
  return "# Made from " + queries(suggestion.queries) + " of namespace " + options.namespace_name +
         ".\n" + left_out_line(left_out.cluster, "names of the cluster, which need no rule") +
         left_out_line(left_out.missing, "denied, or no such name") +
         left_out_line(left_out.rare, "names asked for fewer than " +
                                          std::to_string(options.min_count) + " times") +
         left_out_line(left_out.odd, "no host names") +
         "apiVersion: sluice.dev/v1alpha1\nkind: DNSFilter\nmetadata: {name: " +
         options.filter_name + ", namespace: " + options.namespace_name + "}\nspec:\n";
}

/// A filter on trial has no default action, so a rule stands for it. Unlike the default action, it
/// would hit the cluster's own names too, were they not allowed in front of it.
std::string trial_rules(const std::vector<dns::Name>& cluster_zones) {
  std::vector<std::string> domains;
  for (const dns::Name& zone : cluster_zones) {
    std::string text = '.' + dns::to_text(zone);
    text.pop_back();
    if (domains.size() < max_domains) domains.push_back(std::move(text));
  }
  return std::string(
             "  # The trial: what reaches the last rule is what the list misses. To enforce the "
             "list, put\n"
             "  # `defaultAction: Deny` in the place of these two rules and of "
             "enforcementMode.\n") +
         "  - name: " + cluster_rule + "\n    action: Allow\n    domains: " + list_of(domains) +
         "\n  - name: " + last_rule + "\n    action: Deny\n    domains: [\"*\"]\n";
}

}  // namespace

std::optional<std::string> to_manifest(const Suggestion& suggestion,
                                       const SuggestionOptions& options) {
  const auto rules = make_rules(suggestion.groups);
  if (rules.size() > max_suggested_rules) return std::nullopt;
  const bool is_trial = options.mode == EnforcementMode::audit;
  std::string text = head(suggestion, options);
  text += is_trial ? "  enforcementMode: Audit\n" : "  defaultAction: Deny\n";
  text += "  rules:\n";
  for (const Rule& rule : rules)
    text += text_of(rule);
  if (is_trial) text += trial_rules(suggestion.cluster_zones);
  return text;
}

}  // namespace sluice::commands
