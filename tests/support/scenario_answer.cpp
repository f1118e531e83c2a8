// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_answer.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/support/scenario.hpp"

namespace sluice::tests {
namespace {

using Lines = std::vector<std::string>;

dns::Rcode rcode_of(const YAML::Node& node) {
  if (!node) return dns::Rcode::noerror;
  const auto rcode = dns::rcode_from_text(node.as<std::string>());
  if (!rcode) throw ScenarioFailure(line_of(node), "unknown RCODE");
  return *rcode;
}

std::uint16_t flags_of(const YAML::Node& node) {
  if (!node) return dns::Flags::ra;
  const std::map<std::string, std::uint16_t> known{{"aa", dns::Flags::aa},
                                                   {"tc", dns::Flags::tc},
                                                   {"ra", dns::Flags::ra},
                                                   {"ad", dns::Flags::ad},
                                                   {"qr", 0},
                                                   {"rd", 0},
                                                   {"cd", 0}};
  int flags = 0;
  std::istringstream words(node.as<std::string>());
  for (std::string word; words >> word;) {
    if (!known.contains(word)) throw ScenarioFailure(line_of(node), "unknown flag " + word);
    flags |= known.at(word);
  }
  return static_cast<std::uint16_t>(flags);
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += (text.empty() ? "" : "; ") + line;
  return "[" + text + "]";
}

/// The EDNS that an answer to `query` has.
std::string expected_edns(const YAML::Node& ede, const MessageText& query) {
  if (query.edns.empty()) return {};
  const bool has_do = query.edns.find(" do") != std::string::npos;
  return std::string("payload 1232") + (has_do ? " do" : "") +
         (ede ? " ede " + ede.as<std::string>() : "");
}

/// "www.example. 299 IN A 192.0.2.1" apart.
struct RecordText {
  std::string owner;
  std::uint32_t ttl = 0;
  std::string rest;

  explicit RecordText(const std::string& text) {
    std::istringstream words(text);
    words >> owner >> ttl;
    std::getline(words, rest);
  }
};

bool is_as_expected(const std::string& found, const std::string& expected,
                    std::uint32_t ttl_slack) {
  const RecordText left(found);
  const RecordText right(expected);
  return left.owner == right.owner && left.rest == right.rest && left.ttl <= right.ttl &&
         left.ttl + ttl_slack >= right.ttl;
}

class Comparison {
 public:
  Comparison(const YAML::Node& step, std::uint32_t ttl_slack)
      : line_(line_of(step)), ignored_(strings_of(step["ignore"])), ttl_slack_(ttl_slack) {
    const Lines known{"flags", "rcode", "question", "answer", "authority", "additional", "edns"};
    for (const std::string& name : ignored_) {
      if (std::find(known.begin(), known.end(), name) == known.end())
        throw ScenarioFailure(line_, "cannot ignore " + name);
    }
  }

  void text(const std::string& name, const std::string& found, const std::string& expected) const {
    if (found != expected && !ignores(name)) fail(name, found, expected);
  }

  void records(const std::string& name, const Lines& found, const Lines& expected) const {
    const bool same = std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                                 [&](const std::string& one, const std::string& other) {
                                   return is_as_expected(one, other, ttl_slack_);
                                 });
    if (!same && !ignores(name)) fail(name, joined(found), joined(expected));
  }

 private:
  [[nodiscard]] bool ignores(const std::string& name) const {
    return std::find(ignored_.begin(), ignored_.end(), name) != ignored_.end();
  }
  [[noreturn]] void fail(const std::string& name, const std::string& found,
                         const std::string& expected) const {
    throw ScenarioFailure(line_, name + " is " + found + ", expected " + expected);
  }

  int line_;
  Lines ignored_;
  std::uint32_t ttl_slack_;
};

}  // namespace

Response response_of(const YAML::Node& node) {
  require_keys(node, {"rcode", "flags", "answer", "authority", "additional"});
  return {.answer = strings_of(node["answer"]),
          .authority = strings_of(node["authority"]),
          .additional = strings_of(node["additional"]),
          .rcode = rcode_of(node["rcode"]),
          .flags = flags_of(node["flags"])};
}

void compare_answer(const YAML::Node& step, const Octets& query, const Octets& answer,
                    std::uint32_t ttl_slack) {
  // Through a message and back, so that both sides are spelt alike.
  const MessageText expected =
      read_message(make_response(query, {.answer = strings_of(step["answer"]),
                                         .authority = strings_of(step["authority"]),
                                         .additional = strings_of(step["additional"])}));
  const MessageText found = read_message(answer);
  const Comparison comparison(step, ttl_slack);
  comparison.text("id", std::to_string(found.id), std::to_string(expected.id));
  comparison.text("rcode", found.rcode, to_text(rcode_of(step["rcode"])));
  comparison.text("flags", found.flags,
                  step["flags"] ? step["flags"].as<std::string>() : "qr rd ra");
  comparison.text("question", found.question, expected.question);
  comparison.text("edns", found.edns, expected_edns(step["ede"], read_message(query)));
  comparison.records("answer", found.answer, expected.answer);
  comparison.records("authority", found.authority, expected.authority);
  comparison.records("additional", found.additional, expected.additional);
}

}  // namespace sluice::tests
