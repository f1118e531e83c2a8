// SPDX-License-Identifier: Apache-2.0
// Walking through a received message: the question, then record by record. Nothing is copied but
// the owner's name; RDATA stays where it is until somebody wants it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dns/edns.hpp"
#include "dns/error.hpp"
#include "dns/header.hpp"
#include "dns/name.hpp"
#include "dns/reader.hpp"
#include "dns/types.hpp"

namespace sluice::dns {

enum class Section : std::uint8_t { answer, authority, additional };

/// What is asked, in canonical form.
struct Question {
  Name name;
  Type type = Type::a;
  Class klass = Class::in;

  friend bool operator==(const Question&, const Question&) = default;
};

/// A client's query, checked in full. Spans look into the packet that it was parsed from.
struct Query {
  Header header;
  Question question;
  std::span<const std::uint8_t> question_wire;  ///< name, type and class in the client's own case
  std::optional<Edns> edns;

  [[nodiscard]] bool dnssec_ok() const { return edns && edns->dnssec_ok; }
};

/// A packet that check_header() accepted. Anything malformed, behind the last record too, is an
/// error.
Result<Query> parse_query(std::span<const std::uint8_t> packet);

/// One record. `rdata` may contain compression pointers into `message`: see Reader.
struct Record {
  Section section = Section::answer;
  Name owner;  ///< in the case that it came in
  Type type = Type::a;
  Class klass = Class::in;
  std::uint32_t ttl = 0;  ///< 0 if the highest bit was set (RFC 2181 8)
  std::size_t rdata_position = 0;
  std::uint16_t rdata_size = 0;
};

/// Goes through all records of a message whose header says what is in it.
class RecordReader {
 public:
  /// Starts behind the questions.
  explicit RecordReader(std::span<const std::uint8_t> message);

  /// The next record, or nothing at the end or after an error.
  const Record* next();

  /// After next() gave nothing: whether the message was well-formed to its last octet.
  [[nodiscard]] Result<void> finish() const;
  [[nodiscard]] std::span<const std::uint8_t> rdata() const {
    return reader_.message().subspan(record_.rdata_position, record_.rdata_size);
  }
  [[nodiscard]] std::span<const std::uint8_t> message() const { return reader_.message(); }
  [[nodiscard]] const Header& header() const { return header_; }

 private:
  bool take_section();

  Reader reader_;
  Header header_;
  Record record_;
  std::uint16_t left_ = 0;  ///< records left in the current section
};

/// True when `message` is a response to `query`: QR, opcode and question fit, whatever the IDs say.
/// The name is compared in any case; some servers lower it.
bool is_answer_to(std::span<const std::uint8_t> message, std::span<const std::uint8_t> query);

}  // namespace sluice::dns
