// SPDX-License-Identifier: Apache-2.0
// A hosts file: an address, then names. The address is checked and not used: what becomes of a name
// is up to the rule that refers to the list. `#` begins a comment.
#include <algorithm>
#include <array>

#include "filters/address.hpp"
#include "lists/line_format.hpp"
#include "lists/text.hpp"

namespace sluice::lists {
namespace {

using filters::EntryReach;

/// Names of the machine itself, with which nearly every hosts file begins.
constexpr std::array<std::string_view, 14> own_names{"localhost",       "localhost.localdomain",
                                                     "local",           "broadcasthost",
                                                     "loopback",        "localhost4",
                                                     "localhost6",      "ip6-localhost",
                                                     "ip6-loopback",    "ip6-localnet",
                                                     "ip6-allnodes",    "ip6-allrouters",
                                                     "ip6-mcastprefix", "ip6-allhosts"};

bool is_own_name(std::string_view name) {
  return std::ranges::find(own_names, name) != own_names.end() || name == "0.0.0.0";
}

/// `fe80::1%lo0` stands in the hosts files of some systems.
bool is_address(std::string_view text) {
  return filters::Address::from_text(text.substr(0, text.find('%'))).has_value();
}

class Hosts final : public LineFormat {
 public:
  explicit Hosts(EntryReach reach) : reach_(reach) {}
  void read(std::string_view line, Intake& intake) override {
    read_hosts_line(line, reach_, intake);
  }

 private:
  EntryReach reach_;
};

}  // namespace

void read_hosts_line(std::string_view line, EntryReach reach, Intake& intake) {
  line = line.substr(0, line.find('#'));
  const auto address = take_word(line);
  if (address.empty()) return;
  if (!is_address(address))
    return intake.refuse(
        "does not begin with an address; if this is a list of names, set format: Plain");
  auto name = take_word(line);
  if (name.empty()) return intake.refuse("has no name behind the address");
  for (; !name.empty(); name = take_word(line)) {
    if (is_own_name(name)) continue;
    const Domain domain = parse_domain(name);
    if (domain.problem.empty()) {
      intake.add(domain.name, reach);
    } else {
      intake.refuse("the name " + std::string(domain.problem));
    }
  }
}

std::unique_ptr<LineFormat> make_hosts_format(filters::DomainList::EntryScope scope) {
  return std::make_unique<Hosts>(reach_of(scope));
}

}  // namespace sluice::lists
