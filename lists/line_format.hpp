// SPDX-License-Identifier: Apache-2.0
// The formats that lists come in. Each has one file, and reads a list line by line.
#pragma once

#include <memory>
#include <string_view>

#include "filters/policy.hpp"
#include "lists/intake.hpp"

namespace sluice::lists {

class LineFormat {
 public:
  virtual ~LineFormat() = default;
  /// One line, without its end; Intake::begin_line() was called for it.
  virtual void read(std::string_view line, Intake& intake) = 0;
  /// There are no more lines.
  virtual void finish(Intake& /*intake*/) {}
};

/// One name a line. `scope` is how far a name without prefix reaches.
std::unique_ptr<LineFormat> make_plain_format(filters::DomainList::EntryScope scope);
/// An address and names. `scope` is how far each of the names reaches.
std::unique_ptr<LineFormat> make_hosts_format(filters::DomainList::EntryScope scope);
/// `||name^` and what else DNS filters understand of the syntax.
std::unique_ptr<LineFormat> make_adblock_format();
/// A response policy zone.
std::unique_ptr<LineFormat> make_rpz_format();

/// How far an entry of that scope reaches.
filters::EntryReach reach_of(filters::DomainList::EntryScope scope);
/// One line of a hosts file, which may also stand in an adblock list.
void read_hosts_line(std::string_view line, filters::EntryReach reach, Intake& intake);

}  // namespace sluice::lists
