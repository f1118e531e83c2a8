// SPDX-License-Identifier: Apache-2.0
// Response policy zones (draft-vixie-dnsop-dns-rpz-00). The owner of a record, without the zone's
// own name, is the trigger; the record is what happens:
//
//   bad.example        CNAME .               NXDOMAIN       *.bad.example   all names below it
//   odd.example        CNAME *.              NODATA
//   good.bad.example   CNAME rpz-passthru.   an exception
//   worst.example      CNAME rpz-drop.       no answer
//   moved.example      A 192.0.2.1           this answer instead
//   24.0.2.0.192.rpz-ip  CNAME .             an address in the answer
//
// Triggers on clients, name servers and transports cannot be had from a list and are refused.
#include <algorithm>
#include <array>

#include "lists/line_format.hpp"
#include "lists/text.hpp"
#include "lists/zone_record.hpp"

namespace sluice::lists {
namespace {

using filters::EntryAction;
using filters::EntryReach;
using Octets = std::span<const std::uint8_t>;

/// What a zone has besides policy: about itself and its signatures.
constexpr std::array<std::string_view, 11> zone_types{"SOA",     "NS",         "RRSIG",    "NSEC",
                                                      "NSEC3",   "NSEC3PARAM", "DNSKEY",   "CDS",
                                                      "CDNSKEY", "ZONEMD",     "TYPE65534"};

std::string_view text_of(Octets label) {
  return {reinterpret_cast<const char*>(label.data()), label.size()};
}

dns::NameView last_label_of(dns::NameView name) {
  while (!name.is_root() && !name.parent().is_root())
    name = name.parent();
  return name;
}

/// The labels of `name` in front of `zone`, which is an end of it.
dns::Name without_zone(dns::NameView name, dns::NameView zone) {
  dns::Name front;
  for (; name.size() > zone.size(); name = name.parent())
    (void)front.append_label(name.first_label());  // shorter than the name that it comes from
  return front;
}

bool is_wildcard(dns::NameView name) {
  return !name.is_root() && text_of(name.first_label()) == "*";
}

/// `24.0.2.0.192` or `48.zz.db8.2001` as a prefix: the length, then the address from its end.
std::optional<filters::Prefix> prefix_of(const dns::Name& reversed) {
  std::vector<std::string_view> labels;
  for (dns::NameView rest = reversed; !rest.is_root(); rest = rest.parent())
    labels.push_back(text_of(rest.first_label()));
  if (labels.size() < 2) return std::nullopt;
  const bool has_zz = std::ranges::find(labels, "zz") != labels.end();
  const bool is_v4 = labels.size() == 5 && !has_zz;
  std::string text;
  for (std::size_t i = labels.size(); --i > 0;) {
    const bool is_gap = labels[i] == "zz";
    if (is_gap && text.empty()) text = ":";
    if (!is_gap) text += labels[i];
    if (i > 1 || is_gap) text += is_v4 ? '.' : ':';
  }
  return filters::Prefix::from_text(text + '/' + std::string(labels[0]));
}

class Rpz final : public LineFormat {
 public:
  void read(std::string_view line, Intake& intake) override {
    const auto problem = records_.read(line);
    if (!problem.empty()) return intake.refuse(std::string(problem));
    if (const auto record = records_.take()) apply(*record, intake);
  }
  void finish(Intake& intake) override {
    if (records_.is_open()) intake.refuse("a parenthesis is not closed before the end of the zone");
  }

 private:
  struct Trigger {
    dns::Name name;
    EntryReach reach;
  };

  void apply(const ZoneRecord& record, Intake& intake) {
    if (record.type == "SOA") zone_ = record.owner;
    if (std::ranges::find(zone_types, record.type) != zone_types.end()) return;
    const dns::NameView zone = zone_ ? *zone_ : records_.first_origin();
    if (!record.owner.view().is_within(zone))
      return intake.refuse("the owner is outside of the zone " + dns::to_text(zone));
    if (record.owner.view() == zone) return;  // about the zone itself
    const dns::Name trigger = zone.is_root() ? record.owner : without_zone(record.owner, zone);
    const auto kind = text_of(last_label_of(trigger).first_label());
    if (kind == "rpz-ip") return apply_address(trigger, record, intake);
    if (kind.starts_with("rpz-"))
      return intake.refuse("triggers of kind " + excerpt_of(kind) + " are not supported");
    apply_name(trigger, record, intake);
  }

  static void apply_name(const dns::Name& trigger, const ZoneRecord& record, Intake& intake) {
    const bool is_below = is_wildcard(trigger);
    const dns::NameView name = is_below ? trigger.view().parent() : trigger.view();
    carry_out(record, name, intake, [&](const auto& what) {
      const auto reach = is_below ? EntryReach::below : EntryReach::name;
      if constexpr (std::is_same_v<decltype(what), const EntryAction&>)
        intake.add(name, reach, what);
      else
        intake.add_local_data(name, reach, what);
    });
  }

  static void apply_address(const dns::Name& trigger, const ZoneRecord& record, Intake& intake) {
    const dns::Name reversed = without_zone(trigger, last_label_of(trigger));
    const auto prefix = prefix_of(reversed);
    if (!prefix) {
      return intake.refuse(
          "the rpz-ip trigger is no prefix; expected the length and the reversed address, such as "
          "24.0.2.0.192.rpz-ip, with no bits set behind the length");
    }
    carry_out(record, {}, intake, [&](const auto& what) {
      if constexpr (std::is_same_v<decltype(what), const EntryAction&>)
        intake.add(*prefix, what);
      else
        intake.add_local_data(*prefix, what);
    });
  }

  /// Tells `add` the action or the local data of the record, or refuses it. `trigger` is the name,
  /// which old zones repeat to say passthru.
  template <typename Add>
  static void carry_out(const ZoneRecord& record, dns::NameView trigger, Intake& intake,
                        const Add& add) {
    if (record.type == "CNAME") return carry_out_cname(record, trigger, intake, add);
    if (record.type != "A" && record.type != "AAAA")
      return intake.refuse("local data of type " + excerpt_of(record.type) + " is not supported");
    const auto address = filters::Address::from_text(record.data);
    if (!address || address->is_v4() != (record.type == "A"))
      return intake.refuse("the address is not one of type " + record.type);
    filters::Rewrite data;
    data.addresses.push_back(*address);
    data.ttl_seconds = record.ttl;
    add(data);
  }

  template <typename Add>
  static void carry_out_cname(const ZoneRecord& record, dns::NameView trigger, Intake& intake,
                              const Add& add) {
    const dns::NameView target = record.target;
    const auto kind = text_of(last_label_of(target).first_label());
    const bool has_one_label = !target.is_root() && target.parent().is_root();
    if (target.is_root()) return add(EntryAction::nxdomain);
    if (has_one_label && kind == "*") return add(EntryAction::nodata);
    if (has_one_label && kind == "rpz-passthru") return add(EntryAction::passthru);
    if (has_one_label && kind == "rpz-drop") return add(EntryAction::drop);
    if (kind.starts_with("rpz-"))
      return intake.refuse("the action " + excerpt_of(kind) + " is not supported");
    if (text_of(target.first_label()).starts_with("rpz-"))
      return intake.refuse("the action lacks its final dot");
    if (is_wildcard(target))
      return intake.refuse("a wildcard as target (the asked name put in) is not supported");
    if (target == trigger) return add(EntryAction::passthru);
    filters::Rewrite data;
    data.canonical_name = record.target;
    data.ttl_seconds = record.ttl;
    add(data);
  }

  ZoneRecords records_;
  std::optional<dns::Name> zone_;  ///< as the SOA says
};

}  // namespace

std::unique_ptr<LineFormat> make_rpz_format() {
  return std::make_unique<Rpz>();
}

}  // namespace sluice::lists
