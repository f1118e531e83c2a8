// SPDX-License-Identifier: Apache-2.0
// store_answer(): from an upstream's response to the image that answer.hpp describes.
#include <limits>

#include "dns/answer.hpp"
#include "dns/rdata.hpp"

namespace sluice::dns {
namespace {

Type covered_type(std::span<const std::uint8_t> rrsig_rdata) {
  Reader reader(rrsig_rdata);
  return static_cast<Type>(reader.u16());
}

bool is_denial_record(Type type) {
  return type == Type::nsec || type == Type::nsec3;
}

/// Collects the parts of the image. The body is written as a message of its own, so that
/// compression works; header and question are left out at the end.
class AnswerStore {
 public:
  AnswerStore(std::span<const std::uint8_t> message, const Question& question,
              const StoreOptions& options, std::span<std::uint8_t> out)
      : message_(message),
        question_(question),
        options_(options),
        out_(out),
        // The message starts in `out` so that its body comes to stand right behind the AnswerHead.
        prefix_size_(header_size + question.name.size() + 4) {}

  Result<std::size_t> run() {
    if (out_.size() < sizeof(AnswerHead) + prefix_size_) return WireError::too_large;
    const auto room = out_.subspan(sizeof(AnswerHead));
    MessageWriter writer(room.first(std::min(room.size(), max_message_size)), 0, 0);
    writer.question(question_);
    writer_ = &writer;
    if (const auto result = read_all(); result.has_error()) return result.error();
    return assemble();
  }

 private:
  Result<void> read_all() {
    if (const auto checked = check_whole(); checked.has_error()) return checked.error();
    if (!is_answer_rcode()) return boost::system::in_place_value;
    if (const auto chain = follow_chain(); chain.has_error()) return chain.error();
    return keep_authority();
  }

  /// NOERROR and NXDOMAIN say something about the name; everything else only about the server.
  [[nodiscard]] bool is_answer_rcode() const {
    return rcode_ == static_cast<std::uint16_t>(Rcode::noerror) ||
           rcode_ == static_cast<std::uint16_t>(Rcode::nxdomain);
  }

  /// Walks every record once: a response that is malformed in its last octet is not used at all.
  Result<void> check_whole() {
    RecordReader records(message_);
    if (records.header().has(Flags::tc)) return WireError::truncated;
    rcode_ = static_cast<std::uint16_t>(records.header().rcode());
    authentic_ = records.header().has(Flags::ad);
    bool has_opt = false;
    while (const Record* record = records.next()) {
      if (record->type != Type::opt) continue;
      if (has_opt || record->section != Section::additional) return WireError::bad_opt;
      has_opt = true;
      rcode_ = static_cast<std::uint16_t>(rcode_ | (record->ttl >> 24 & 0xff) << 4);
    }
    return records.finish();
  }

  /// One pass over the answer section for each name of the chain.
  Result<void> follow_chain() {
    end_ = question_.name;
    for (std::size_t length = 0; length <= max_chain_length; ++length) {
      const auto next = keep_records_at_end();
      if (!next) return next.error();
      if (!*next) return boost::system::in_place_value;
    }
    return WireError::bad_rdata;
  }

  /// Keeps what the answer section has for the current end of the chain. True if a CNAME moved the
  /// end.
  Result<bool> keep_records_at_end() {
    std::optional<Name> target;
    RecordReader records(message_);
    while (const Record* record = records.next()) {
      if (record->section != Section::answer) break;
      if (!wanted(*record, records.rdata(), target.has_value())) continue;
      if (const auto kept = keep(*record); kept.has_error()) return kept.error();
      if (record->type != Type::cname || question_.type == Type::cname) continue;
      const auto name = target_of(message_, *record);
      if (!name) return name.error();
      target = *name;
    }
    if (!target) return false;
    end_ = *target;
    return remember_target();
  }

  [[nodiscard]] bool wanted(const Record& record, std::span<const std::uint8_t> rdata,
                            bool has_target) const {
    if (record.klass != question_.klass) return false;
    Name owner = record.owner;
    owner.lower();
    const bool is_signature = record.type == Type::rrsig && question_.type != Type::rrsig;
    if (is_signature && !options_.dnssec_ok) return false;
    const Type type = is_signature ? covered_type(rdata) : record.type;
    // The DNAME that a CNAME of the chain was made from stands above it (RFC 6672 3.1).
    if (owner != end_) return type == Type::dname && is_new_redirection(owner);
    // A second CNAME beside the first is a protocol violation (RFC 2181 10.1).
    if (type == Type::cname) return is_signature || !has_target;
    return asked_for(type);
  }

  /// A DNAME above several names of the chain is kept with the first of them.
  [[nodiscard]] bool is_new_redirection(NameView owner) const {
    if (!end_.view().is_within(owner)) return false;
    if (targets_size_ == 0) return true;
    bool is_new = !question_.name.view().is_within(owner);
    for_each_name({targets_.data(), targets_size_ - end_.size()},
                  [&](NameView earlier) { is_new = is_new && !earlier.is_within(owner); });
    return is_new;
  }

  [[nodiscard]] bool asked_for(Type type) const {
    return type == question_.type || question_.type == Type::any;
  }

  Result<bool> remember_target() {
    const auto wire = end_.view().wire();
    if (targets_size_ + wire.size() > targets_.size()) return WireError::too_large;
    std::copy(wire.begin(), wire.end(),
              targets_.begin() + static_cast<std::ptrdiff_t>(targets_size_));
    targets_size_ += wire.size();
    return true;
  }

  Result<void> keep(const Record& record) {
    return keep(record, std::min(record.ttl, options_.max_ttl));
  }

  Result<void> keep(const Record& record, std::uint32_t ttl) {
    if (ttl_count_ == max_answer_records) return WireError::too_large;
    Record kept = record;
    kept.ttl = ttl;
    if (const auto copied = writer_->copy(kept, message_); copied.has_error())
      return copied.error();
    ttl_positions_[ttl_count_++] =
        static_cast<std::uint16_t>(writer_->last_ttl_position() - prefix_size_);
    ttl_ = std::min(ttl_, ttl);
    has_end_records_ = has_end_records_ || asked_for(record.type);
    return look_into(record);
  }

  /// What policy will want to know of a record is found here, once, or the answer is refused.
  Result<void> look_into(const Record& record) {
    const auto rdata = message_.subspan(record.rdata_position, record.rdata_size);
    if (is_service_binding(record.type)) {
      if (const auto binding = parse_service_binding(rdata); !binding) return binding.error();
    }
    if (record.type != Type::ptr || record.section != Section::answer)
      return boost::system::in_place_value;
    const auto target = target_of(message_, record);
    if (!target) return target.error();
    const auto wire = target->view().wire();
    if (pointers_size_ + wire.size() > pointers_.size()) return WireError::too_large;
    std::copy(wire.begin(), wire.end(),
              pointers_.begin() + static_cast<std::ptrdiff_t>(pointers_size_));
    pointers_size_ += wire.size();
    return boost::system::in_place_value;
  }

  /// Negative answers need their SOA (RFC 2308 2); with DNSSEC also the records that prove the
  /// denial.
  Result<void> keep_authority() {
    const bool negative = !has_end_records_;
    RecordReader records(message_);
    while (const Record* record = records.next()) {
      if (record->section == Section::additional) break;
      if (record->section != Section::authority ||
          !proves_denial(*record, records.rdata(), negative)) {
        continue;
      }
      const auto ttl = authority_ttl(*record);
      if (!ttl) return ttl.error();
      if (const auto kept = keep(*record, *ttl); kept.has_error()) return kept.error();
      has_soa_ = has_soa_ || record->type == Type::soa;
    }
    cacheable_ = !negative || has_soa_;
    return boost::system::in_place_value;
  }

  [[nodiscard]] bool proves_denial(const Record& record, std::span<const std::uint8_t> rdata,
                                   bool negative) const {
    Name owner = record.owner;
    owner.lower();
    if (record.klass != question_.klass) return false;
    const bool is_signature = record.type == Type::rrsig;
    if (is_signature && !options_.dnssec_ok) return false;
    const Type type = is_signature ? covered_type(rdata) : record.type;
    if (type == Type::soa) {
      return negative && end_.view().is_within(owner) && (is_signature || !has_soa_);
    }
    return options_.dnssec_ok && is_denial_record(type);
  }

  Result<std::uint32_t> authority_ttl(const Record& record) const {
    const std::uint32_t ttl = std::min(record.ttl, options_.max_negative_ttl);
    if (record.type != Type::soa) return ttl;
    const auto minimum = soa_minimum(message_, record);
    if (!minimum) return minimum.error();
    return std::min(ttl, *minimum);
  }

  Result<std::size_t> assemble() {
    AnswerHead head;
    head.rcode = rcode_;
    head.authentic = authentic_ ? 1 : 0;
    head.answer_count = writer_->count(Section::answer);
    head.authority_count = writer_->count(Section::authority);
    head.body_size = static_cast<std::uint16_t>(writer_->size() - prefix_size_);
    head.ttl_count = static_cast<std::uint16_t>(ttl_count_);
    head.targets_size = static_cast<std::uint16_t>(targets_size_ + pointers_size_);
    head.cacheable = cacheable_ ? 1 : 0;
    head.ttl = ttl_count_ == 0 ? 0 : ttl_;
    const std::size_t size = sizeof head + head.body_size + 2 * ttl_count_ + head.targets_size;
    if (size > out_.size()) return WireError::too_large;
    const auto body = out_.subspan(sizeof head);
    std::memmove(body.data(), body.data() + prefix_size_, head.body_size);
    std::memcpy(out_.data(), &head, sizeof head);
    Writer rest(out_.subspan(sizeof head + head.body_size));
    for (std::size_t i = 0; i < ttl_count_; ++i)
      rest.u16(ttl_positions_[i]);
    rest.octets({targets_.data(), targets_size_});
    rest.octets({pointers_.data(), pointers_size_});
    return size;
  }

  std::span<const std::uint8_t> message_;
  const Question& question_;
  const StoreOptions& options_;
  std::span<std::uint8_t> out_;
  std::size_t prefix_size_;
  MessageWriter* writer_ = nullptr;

  std::uint16_t rcode_ = 0;
  bool authentic_ = false;
  bool has_end_records_ = false;
  bool has_soa_ = false;
  bool cacheable_ = false;
  Name end_;  ///< where the chain has got to, canonical
  std::uint32_t ttl_ = std::numeric_limits<std::uint32_t>::max();
  std::array<std::uint16_t, max_answer_records> ttl_positions_;
  std::size_t ttl_count_ = 0;
  std::array<std::uint8_t, max_chain_length * max_name_size> targets_;
  std::size_t targets_size_ = 0;
  std::array<std::uint8_t, max_pointers * max_name_size> pointers_;  ///< what PTR records point to
  std::size_t pointers_size_ = 0;
};

}  // namespace

Result<std::size_t> store_answer(std::span<const std::uint8_t> message, const Question& question,
                                 const StoreOptions& options, std::span<std::uint8_t> out) {
  return AnswerStore(message, question, options, out).run();
}

}  // namespace sluice::dns
