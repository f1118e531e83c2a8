// SPDX-License-Identifier: Apache-2.0
// Records out of a zone file (RFC 1035 5.1), as far as response policy zones need: $ORIGIN and
// $TTL, owners left out, TTLs with units, parentheses over several lines, quotes and comments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dns/name.hpp"

namespace sluice::lists {

struct ZoneRecord {
  dns::Name owner;  ///< canonical, absolute
  std::uint32_t ttl = 0;
  std::string type;  ///< upper case
  std::string data;  ///< the first word of it
  dns::Name target;  ///< what `data` is as a name, with type CNAME
};

class ZoneRecords {
 public:
  /// The next line of the file. Empty, or what is wrong with the record that ends with it.
  std::string read(std::string_view line);
  /// The record that ended with that line, if one did.
  std::optional<ZoneRecord> take();

  /// Whether a record goes on on the next line.
  [[nodiscard]] bool is_open() const { return depth_ > 0; }
  /// What the first $ORIGIN said; the root without one.
  [[nodiscard]] dns::NameView first_origin() const { return first_origin_; }

 private:
  std::string collect(std::string_view line);
  std::string parse(std::string_view text);
  std::string parse_directive(std::string_view name, std::string_view rest);
  std::string parse_head(std::string_view& rest, ZoneRecord& record) const;
  std::string parse_name(std::string_view text, dns::Name& name) const;

  std::string pending_;  ///< of a record that goes on, without comments and parentheses
  int depth_ = 0;        ///< of parentheses
  dns::Name origin_;
  dns::Name first_origin_;
  bool has_origin_ = false;
  std::optional<dns::Name> last_owner_;
  std::uint32_t default_ttl_ = 30;  ///< as of every answer that policy makes
  std::optional<ZoneRecord> record_;
};

}  // namespace sluice::lists
