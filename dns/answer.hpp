// SPDX-License-Identifier: Apache-2.0
// An upstream's answer in the form in which it is kept: only what belongs to the question, names
// compressed against a question of the same length in front, TTLs found in advance, and the CNAME
// targets in canonical form, so that serving it costs a copy and judging it costs no parsing.
//
//   image = AnswerHead | body (answer and authority records) | TTL positions | targets
//
// What belongs to the question: the CNAME chain from it (DNAME too), the records asked for at its
// end, RRSIGs of these when DNSSEC was asked for; of the authority section only what a negative
// answer needs. Everything else that came along is dropped unread: nobody asked (RFC 5452 6,
// out-of-bailiwick poisoning).
#pragma once

#include <bitset>
#include <cstdint>
#include <cstring>
#include <span>

#include "dns/message.hpp"
#include "dns/message_writer.hpp"

namespace sluice::dns {

/// Longest CNAME chain that is followed; legitimate ones are short (BIND and unbound stop at 11).
inline constexpr std::size_t max_chain_length = 11;
/// Whatever the upstream sent, clients get no more than TCP can carry.
inline constexpr std::size_t max_message_size = 65535;
/// Names that a PTR answer is kept with; one that has more is refused, for all must be judged.
inline constexpr std::size_t max_pointers = 64;
/// 64 KiB hold fewer records with an address each than this.
inline constexpr std::size_t max_answer_records = 4096;

/// Some of the records of an answer, by number in the order of the image.
using RecordSet = std::bitset<max_answer_records>;

struct AnswerHead {
  std::uint16_t rcode = 0;
  std::uint16_t authentic = 0;  ///< AD of the upstream
  std::uint16_t answer_count = 0;
  std::uint16_t authority_count = 0;
  std::uint16_t body_size = 0;
  std::uint16_t ttl_count = 0;
  std::uint16_t targets_size = 0;
  std::uint16_t cacheable = 0;  ///< 0: a negative answer without SOA, or an rcode that is no answer
  std::uint32_t ttl = 0;        ///< the smallest; for negative answers as RFC 2308 5 says
};

/// Room for the image of every answer that store_answer() accepts.
inline constexpr std::size_t max_image_size = sizeof(AnswerHead) + max_message_size +
                                              2 * max_answer_records +
                                              (max_chain_length + max_pointers) * max_name_size;

/// A stored answer. Looks at memory of somebody else.
class AnswerView {
 public:
  explicit AnswerView(std::span<const std::uint8_t> image) : image_(image) {
    std::memcpy(&head_, image.data(), sizeof head_);
  }

  [[nodiscard]] const AnswerHead& head() const { return head_; }
  [[nodiscard]] Rcode rcode() const { return static_cast<Rcode>(head_.rcode); }
  [[nodiscard]] bool is_negative() const { return head_.answer_count == 0; }
  [[nodiscard]] std::span<const std::uint8_t> image() const { return image_; }
  [[nodiscard]] std::span<const std::uint8_t> body() const {
    return image_.subspan(sizeof(AnswerHead), head_.body_size);
  }
  /// Position of TTL `i`, counted from the start of the body.
  [[nodiscard]] std::uint16_t ttl_position(std::size_t i) const;
  /// CNAME targets one behind the other, in the order of the chain, then what PTR records point to;
  /// empty for most answers.
  [[nodiscard]] std::span<const std::uint8_t> targets() const;

 private:
  std::span<const std::uint8_t> image_;
  AnswerHead head_;
};

/// How TTLs are written: less `age` seconds, or all alike for an expired answer (RFC 8767 5 advises
/// 30).
struct TtlPolicy {
  std::uint32_t age = 0;
  std::uint32_t stale_ttl = 0;  ///< 0: the answer is fresh
};
std::uint32_t aged(std::uint32_t ttl, const TtlPolicy& policy);

/// Goes through names that stand one behind the other.
template <typename Visitor>
void for_each_name(std::span<const std::uint8_t> names, Visitor&& visit) {
  while (!names.empty()) {
    std::size_t size = 1;
    while (names[size - 1] != 0)
      size += names[size - 1] + 1U;
    visit(NameView(names.first(size)));
    names = names.subspan(size);
  }
}

/// Puts a stored answer behind the question in `writer`, which must be as long as the one it was
/// stored for.
void write_answer(const AnswerView& answer, const TtlPolicy& ttl, MessageWriter& writer);

/// A stored answer and what it was stored for.
struct AnsweredQuestion {
  const Question& question;
  const AnswerView& answer;
  /// Records that are not to be written; signatures of the answer section go with them, for they
  /// no longer hold. Null: all are written.
  const RecordSet* left_out = nullptr;
};

/// The same behind another question and records already written: slower, names are compressed anew.
/// `scratch` has room for a whole message.
void write_answer_anew(const AnsweredQuestion& stored, const TtlPolicy& ttl,
                       std::span<std::uint8_t> scratch, MessageWriter& writer);

struct StoreOptions {
  bool dnssec_ok = false;  ///< keep RRSIG and what proves a denial
  std::uint32_t max_ttl = 86400;
  std::uint32_t max_negative_ttl = 3600;
};

/// Checks a response in full and writes its image into `out`. The caller has tested is_answer_to().
/// Returns the size; max_image_size always suffices. A response that is malformed anywhere is
/// refused as a whole.
Result<std::size_t> store_answer(std::span<const std::uint8_t> message, const Question& question,
                                 const StoreOptions& options, std::span<std::uint8_t> out);

}  // namespace sluice::dns
