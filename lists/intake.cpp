// SPDX-License-Identifier: Apache-2.0
#include "lists/intake.hpp"

#include "lists/text.hpp"

namespace sluice::lists {

void Intake::begin_line(std::uint64_t number, std::string_view text) {
  number_ = number;
  text_ = text;
  is_bad_ = false;
}

void Intake::add_local_data(dns::NameView name, filters::EntryReach reach,
                            const filters::Rewrite& data) {
  note(builder_.add_local_data(name, reach, data));
}

void Intake::add_local_data(const filters::Prefix& prefix, const filters::Rewrite& data) {
  note(builder_.add_local_data(prefix, data));
}

void Intake::refuse(const std::string& reason) {
  if (is_bad_) return;
  is_bad_ = true;
  ++bad_line_count_;
  if (bad_lines_.size() < max_bad_lines) bad_lines_.push_back({number_, excerpt_of(text_), reason});
}

void Intake::note(filters::LocalDataProblem problem) {
  using Problem = filters::LocalDataProblem;
  switch (problem) {
    case Problem::none:
      return;
    case Problem::conflict:
      return refuse("a CNAME stands beside other data of the same name; only the first is used");
    case Problem::too_many_addresses:
      return refuse("the name has more than 8 addresses; only the first 8 are used");
    case Problem::too_many_kinds:
      break;
  }
  refusal_ = "has more than " + std::to_string(filters::NameSet::Builder::max_local_data) +
             " different answers of its own (local data), which is the limit; split the list";
}

}  // namespace sluice::lists
