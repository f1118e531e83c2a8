// SPDX-License-Identifier: Apache-2.0
// The part of the ad blockers' syntax that DNS filters understand: `||name^` is a name and all
// below it, `@@||name^` an exception, `$important` goes before exceptions. Whatever else a browser
// would look at cannot be decided by name: such a rule is refused, never applied to more or less
// than it says.
#include <array>

#include "filters/address.hpp"
#include "lists/line_format.hpp"
#include "lists/text.hpp"

namespace sluice::lists {
namespace {

using filters::EntryAction;
using filters::EntryReach;

/// Separators of rules that hide or change parts of a page.
constexpr std::array<std::string_view, 8> cosmetic_marks{"##",  "#@#", "#?#", "#$#",
                                                         "#%#", "$$",  "$@$", "#@$#"};

bool is_cosmetic(std::string_view line) {
  if (line.find_first_of("#$") == line.npos) return false;
  for (const auto mark : cosmetic_marks) {
    if (line.find(mark) != line.npos) return true;
  }
  return false;
}

/// `! Title: ...`, `[Adblock Plus 2.0]` and, in lists for DNS, `# ...`.
bool is_comment(std::string_view line) {
  return line.front() == '!' || line.front() == '[' || line.front() == '#';
}

/// A rule taken apart.
struct Pieces {
  std::string_view pattern;
  bool is_exception = false;
  bool is_important = false;
};

EntryAction action_of(const Pieces& rule) {
  if (rule.is_exception)
    return rule.is_important ? EntryAction::important_exception : EntryAction::exception;
  return rule.is_important ? EntryAction::important : EntryAction::listed;
}

/// Takes the options off the pattern. Empty, or what is wrong with them.
std::string take_options(Pieces& rule) {
  const auto dollar = rule.pattern.rfind('$');
  if (dollar == rule.pattern.npos) return {};
  auto options = rule.pattern.substr(dollar + 1);
  rule.pattern = rule.pattern.substr(0, dollar);
  while (!options.empty()) {
    const auto option = options.substr(0, options.find(','));
    options.remove_prefix(std::min(option.size() + 1, options.size()));
    if (option == "important") {
      rule.is_important = true;
    } else if (option != "all") {
      return "the option '" + excerpt_of(option.substr(0, option.find('='))) +
             "' is about more than the name; only 'important' and 'all' are understood";
    }
  }
  return {};
}

std::string refusal_of(std::string_view pattern) {
  if (pattern.starts_with("||"))
    return "the rule is not just a name; expected ||name^, with nothing else in it";
  if (pattern.find('/') != pattern.npos)
    return "the rule matches addresses of pages, which DNS does not know; expected ||name^";
  return "is neither ||name^ nor a name alone";
}

/// `||name^`, also with `|` for the end of the address behind it. Empty for anything else.
std::string_view anchored_name(std::string_view pattern) {
  if (!pattern.starts_with("||")) return {};
  pattern.remove_prefix(2);
  if (pattern.ends_with('|')) pattern.remove_suffix(1);
  if (!pattern.ends_with('^')) return {};
  pattern.remove_suffix(1);
  return pattern;
}

class Adblock final : public LineFormat {
 public:
  void read(std::string_view line, Intake& intake) override {
    line = trim(line);
    if (line.empty()) return;
    if (is_cosmetic(line)) return intake.skip();
    if (is_comment(line)) return;
    if (line.front() == '/' && (line.back() == '/' || line.rfind("/$") != line.npos))
      return intake.refuse(
          "is a regular expression; write it as one of the patterns of a rule instead");
    Pieces rule{line};
    rule.is_exception = line.starts_with("@@");
    if (rule.is_exception) rule.pattern.remove_prefix(2);
    if (!rule.is_exception && !line.starts_with('|')) return read_bare(line, intake);
    read_anchored(rule, intake);
  }

 private:
  static void read_anchored(Pieces rule, Intake& intake) {
    if (const std::string problem = take_options(rule); !problem.empty())
      return intake.refuse(problem);
    auto name = anchored_name(rule.pattern);
    if (name.empty()) return intake.refuse(refusal_of(rule.pattern));
    EntryReach reach = EntryReach::name_and_below;
    if (name.starts_with("*.") && !rule.is_exception) {
      reach = EntryReach::below;
      name.remove_prefix(2);
    }
    const Domain domain = parse_domain(name);
    if (!domain.problem.empty()) return intake.refuse("the name " + std::string(domain.problem));
    intake.add(domain.name, reach, action_of(rule));
  }

  /// A name alone is that name and nothing below it, and so is one behind an address.
  static void read_bare(std::string_view line, Intake& intake) {
    auto rest = line;
    const auto word = take_word(rest);
    if (filters::Address::from_text(word)) return read_hosts_line(line, EntryReach::name, intake);
    if (const auto comment = trim(rest); !comment.empty() && !comment.starts_with('#'))
      return intake.refuse(refusal_of(line));
    if (word.find_first_of("/*|^$=:") != word.npos) return intake.refuse(refusal_of(line));
    const Domain domain = parse_domain(word);
    if (!domain.problem.empty()) return intake.refuse("the name " + std::string(domain.problem));
    // A browser looks for a word without dots anywhere in an address.
    if (domain.name.view().label_count() < 2) return intake.refuse(refusal_of(line));
    intake.add(domain.name, EntryReach::name);
  }
};

}  // namespace

std::unique_ptr<LineFormat> make_adblock_format() {
  return std::make_unique<Adblock>();
}

}  // namespace sluice::lists
