// SPDX-License-Identifier: Apache-2.0
// One name a line: `example.com` as the list's entryScope says, `*.example.com` all below it,
// `.example.com` the name and all below it. `#` begins a comment.
#include "filters/address.hpp"
#include "lists/line_format.hpp"
#include "lists/text.hpp"

namespace sluice::lists {
namespace {

using filters::EntryReach;

/// Whoever gave the wrong format is told which one is right.
std::string several_words(std::string_view first) {
  if (filters::Address::from_text(first))
    return "has an address in front of a name; if this is a hosts file, set format: Hosts";
  return "has more than one word; there is one name a line";
}

class Plain final : public LineFormat {
 public:
  explicit Plain(EntryReach reach) : reach_(reach) {}

  void read(std::string_view line, Intake& intake) override {
    line = line.substr(0, line.find('#'));
    const auto word = take_word(line);
    if (word.empty()) return;
    if (!trim(line).empty()) return intake.refuse(several_words(word));
    read_entry(word, intake);
  }

 private:
  void read_entry(std::string_view word, Intake& intake) const {
    if (word.starts_with("||") || word.starts_with("@@"))
      return intake.refuse("is a rule of ad blockers; if all lines are, set format: Adblock");
    if (word == "*" || word == "." || word == "*.")
      return intake.refuse("would list every name; write a rule without domains instead");
    EntryReach reach = reach_;
    if (word.starts_with("*.")) {
      reach = EntryReach::below;
      word.remove_prefix(2);
    } else if (word.starts_with('.')) {
      reach = EntryReach::name_and_below;
      word.remove_prefix(1);
    }
    const Domain domain = parse_domain(word);
    if (!domain.problem.empty()) return intake.refuse("the name " + std::string(domain.problem));
    intake.add(domain.name, reach);
  }

  EntryReach reach_;
};

}  // namespace

std::unique_ptr<LineFormat> make_plain_format(filters::DomainList::EntryScope scope) {
  return std::make_unique<Plain>(reach_of(scope));
}

EntryReach reach_of(filters::DomainList::EntryScope scope) {
  return scope == filters::DomainList::EntryScope::name_only ? EntryReach::name
                                                             : EntryReach::name_and_below;
}

}  // namespace sluice::lists
