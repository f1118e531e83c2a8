// SPDX-License-Identifier: Apache-2.0
// Building a message in the caller's buffer: header, question, records with compressed names, OPT.
// Sections must be written in their order; the counts in the header follow by themselves.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dns/message.hpp"
#include "dns/writer.hpp"

namespace sluice::dns {

/// What goes into the OPT of an answer.
struct OptOut {
  std::uint16_t payload_size = 1232;
  Rcode rcode = Rcode::noerror;  ///< its upper eight bits; the lower four are the header's
  bool dnssec_ok = false;
  std::optional<ExtendedError> error{};
  std::span<const std::uint8_t> client_subnet{};  ///< RFC 7871 6; empty: none
  std::optional<std::uint16_t> keepalive{};       ///< units of 100 ms (RFC 7828 3.1)
  std::uint16_t padding_block = 0;  ///< pad the message to a multiple of this; 468: RFC 8467 4.1
};

/// Never writes outside its buffer; ok() tells at the end whether everything fitted.
class MessageWriter {
 public:
  /// Starts a message with this ID and these flags (RCODE bits included).
  MessageWriter(std::span<std::uint8_t> buffer, std::uint16_t id, std::uint16_t flags);

  /// The question as it stood in a query, octet by octet.
  void question(std::span<const std::uint8_t> wire);
  void question(const Question& question);

  /// What stands in front of RDATA.
  struct RecordHead {
    Section section = Section::answer;
    NameView owner;
    Type type = Type::a;
    Class klass = Class::in;
    std::uint32_t ttl = 0;
  };
  /// A record whose RDATA holds no names.
  void record(const RecordHead& head, std::span<const std::uint8_t> rdata);
  /// A CNAME, NS or PTR.
  void record(const RecordHead& head, NameView target);
  /// An SOA that says only how long a negative answer may be kept.
  void negative_soa(NameView zone, std::uint32_t ttl);
  /// A record of another message, its names expanded and compressed again. Fails on malformed
  /// RDATA.
  Result<void> copy(const Record& record, std::span<const std::uint8_t> source);
  void opt(const OptOut& opt);

  void set_flag(std::uint16_t flag);

  /// Position of the TTL of the last record.
  [[nodiscard]] std::size_t last_ttl_position() const { return last_ttl_position_; }
  /// Back to the question, with TC set: everything else did not fit (RFC 2181 9).
  void truncate();

  [[nodiscard]] bool ok() const { return writer_.ok(); }
  [[nodiscard]] std::size_t size() const { return writer_.size(); }
  [[nodiscard]] std::span<std::uint8_t> written() const { return writer_.written(); }
  [[nodiscard]] std::uint16_t count(Section section) const;

  /// Appends a ready-made piece that holds `answers` and `authorities` records whose pointers fit
  /// this place.
  void append(std::span<const std::uint8_t> body, std::uint16_t answers, std::uint16_t authorities);

 private:
  /// Names that later ones may point into. Enough for answers as they are; more would make the work
  /// for a message grow with the square of its size (CVE-2024-8508).
  static constexpr std::size_t max_remembered_names = 16;
  /// Labels compared for one message before names are written in full: 4,000 records need about 14
  /// each, names of 127 labels made to be compared in vain would need millions.
  static constexpr std::size_t max_label_comparisons = 1U << 17;

  void name(NameView name);
  void remember(std::size_t position);
  [[nodiscard]] std::optional<std::uint16_t> find(NameView name);
  [[nodiscard]] bool stands_at(NameView name, std::size_t position);
  void begin_record(const RecordHead& head);
  void end_record();
  void bump(Section section);

  Writer writer_;
  std::size_t question_end_ = header_size;
  std::size_t last_ttl_position_ = 0;
  std::size_t rdata_length_position_ = 0;
  std::array<std::uint16_t, max_remembered_names> names_{};
  std::size_t name_count_ = 0;
  std::size_t comparisons_left_ = max_label_comparisons;
};

}  // namespace sluice::dns
