// SPDX-License-Identifier: Apache-2.0
#include "tests/support/zone_text.hpp"

#include <charconv>
#include <initializer_list>
#include <sstream>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>

namespace sluice::tests {
namespace {

enum class Field : std::uint8_t { u16, u32, name, ipv4, ipv6, strings, service_parameters };

[[noreturn]] void refuse(std::string_view what, std::string_view text) {
  throw std::invalid_argument(std::string(what) + ": " + std::string(text));
}

std::vector<Field> fields_of(dns::Type type) {
  using enum Field;
  switch (type) {
    case dns::Type::a:
      return {ipv4};
    case dns::Type::aaaa:
      return {ipv6};
    case dns::Type::cname:
    case dns::Type::dname:
    case dns::Type::ns:
    case dns::Type::ptr:
      return {name};
    case dns::Type::mx:
      return {u16, name};
    case dns::Type::txt:
      return {strings};
    case dns::Type::soa:
      return {name, name, u32, u32, u32, u32, u32};
    case dns::Type::srv:
      return {u16, u16, u16, name};
    case dns::Type::svcb:
    case dns::Type::https:
      return {u16, name, service_parameters};
    default:
      return {};
  }
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// White space separates words, except between quotes, which are removed.
std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool pending = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      pending = true;
    } else if (is_space(c) && !quoted) {
      if (pending) words.push_back(std::move(word));
      word.clear();
      pending = false;
    } else {
      word += c;
      pending = true;
    }
  }
  if (pending) words.push_back(std::move(word));
  return words;
}

template <typename Number>
std::optional<Number> try_number(std::string_view word) {
  Number number = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || rest != word.data() + word.size()) return std::nullopt;
  return number;
}

template <typename Number>
Number number_of(std::string_view word) {
  const auto number = try_number<Number>(word);
  if (!number) refuse("not a number", word);
  return *number;
}

dns::Name name_of(std::string_view word) {
  const auto name = dns::Name::from_text(word);
  if (!name) refuse("not a name", word);
  return *name;
}

std::optional<dns::Class> try_class(std::string_view word) {
  for (const auto klass : {dns::Class::in, dns::Class::ch, dns::Class::hs, dns::Class::any}) {
    if (word == dns::to_text(klass)) return klass;
  }
  return std::nullopt;
}

dns::Type type_of(std::string_view word) {
  const auto type = dns::type_from_text(word);
  if (!type) refuse("not a type", word);
  return *type;
}

/// Reads the words of one record from left to right.
class RecordText {
 public:
  explicit RecordText(std::string_view text) : text_(text), words_(split_words(text)) {}

  ZoneRecord parse() {
    record_.owner = name_of(take());
    take_ttl_and_class();
    record_.type = type_of(take());
    if (has_more() && words_[next_] == R"(\#)") {
      take_generic();
    } else {
      take_fields();
    }
    if (has_more()) refuse("too many words", text_);
    return std::move(record_);
  }

 private:
  [[nodiscard]] bool has_more() const { return next_ < words_.size(); }

  const std::string& take() {
    if (!has_more()) refuse("too few words", text_);
    return words_[next_++];
  }

  void take_ttl_and_class() {
    if (!has_more()) return;
    if (const auto ttl = try_number<std::uint32_t>(words_[next_])) {
      record_.ttl = *ttl;
      ++next_;
    }
    if (!has_more()) return;
    if (const auto klass = try_class(words_[next_])) {
      record_.klass = *klass;
      ++next_;
    }
  }

  void take_generic() {
    record_.generic = true;
    ++next_;
    const auto size = number_of<std::size_t>(take());
    std::string digits;
    while (has_more())
      digits += take();
    record_.rdata = parse_hex(digits);
    if (record_.rdata.size() != size) refuse("size and octets differ", text_);
  }

  void take_fields() {
    const auto fields = fields_of(record_.type);
    if (fields.empty()) refuse(R"(type needs \# size hex)", text_);
    for (const Field field : fields)
      take_field(field);
  }

  void take_field(Field field) {
    switch (field) {
      case Field::u16:
        return put_u16(number_of<std::uint16_t>(take()));
      case Field::u32:
        return put_u32(number_of<std::uint32_t>(take()));
      case Field::name:
        return put(name_of(take()).view().wire());
      case Field::ipv4:
        return put_address(AF_INET, take());
      case Field::ipv6:
        return put_address(AF_INET6, take());
      case Field::strings:
        while (has_more())
          put_string(take());
        return;
      case Field::service_parameters:
        while (has_more())
          put_parameter(take());
        return;
    }
  }

  void put(std::span<const std::uint8_t> octets) {
    record_.rdata.insert(record_.rdata.end(), octets.begin(), octets.end());
  }
  void put_u16(std::uint16_t value) {
    put(std::array{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
  }
  void put_u32(std::uint32_t value) {
    put_u16(static_cast<std::uint16_t>(value >> 16));
    put_u16(static_cast<std::uint16_t>(value));
  }

  void put_address(int family, const std::string& word) {
    std::array<std::uint8_t, 16> octets{};
    if (inet_pton(family, word.c_str(), octets.data()) != 1) refuse("not an address", word);
    put(std::span(octets).first(family == AF_INET ? 4 : 16));
  }

  void put_string(std::string_view word) {
    if (word.size() > 255) refuse("string over 255 octets", word);
    record_.rdata.push_back(static_cast<std::uint8_t>(word.size()));
    record_.rdata.insert(record_.rdata.end(), word.begin(), word.end());
  }

  /// `key=value,value` as RFC 9460 2.1 writes it; keys must come in rising order.
  void put_parameter(const std::string& word) {
    const std::size_t equals = std::min(word.find('='), word.size() - 1);
    const std::string_view key = std::string_view(word).substr(0, equals);
    std::istringstream values(word.substr(equals + 1));
    put_u16(parameter_key(key));
    const std::size_t start = record_.rdata.size();
    put_u16(0);
    for (std::string value; std::getline(values, value, ',');)
      put_parameter_value(key, value);
    const std::size_t size = record_.rdata.size() - start - 2;
    record_.rdata[start] = static_cast<std::uint8_t>(size >> 8);
    record_.rdata[start + 1] = static_cast<std::uint8_t>(size);
  }

  static std::uint16_t parameter_key(std::string_view key) {
    if (key == "alpn") return 1;
    if (key == "port") return 3;
    if (key == "ipv4hint") return 4;
    if (key == "ipv6hint") return 6;
    refuse("unknown SvcParamKey", key);
  }

  void put_parameter_value(std::string_view key, const std::string& value) {
    if (key == "alpn") return put_string(value);
    if (key == "port") return put_u16(number_of<std::uint16_t>(value));
    put_address(key == "ipv4hint" ? AF_INET : AF_INET6, value);
  }

  std::string_view text_;
  std::vector<std::string> words_;
  std::size_t next_ = 0;
  ZoneRecord record_;
};

std::uint8_t hex_digit(char c, std::string_view text) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  const char lower = static_cast<char>(dns::to_lower(static_cast<std::uint8_t>(c)));
  if (lower < 'a' || lower > 'f') refuse("not hex", text);
  return static_cast<std::uint8_t>(lower - 'a' + 10);
}

}  // namespace

ZoneRecord parse_record(std::string_view text) {
  return RecordText(text).parse();
}

std::vector<ZoneRecord> parse_zone(std::string_view text) {
  std::vector<ZoneRecord> records;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start == std::string::npos || line[start] == ';') continue;
    records.push_back(parse_record(line));
  }
  return records;
}

dns::Question parse_question(std::string_view text) {
  const auto words = split_words(text);
  if (words.size() < 2 || words.size() > 3) refuse("not a question", text);
  dns::Question question;
  question.name = name_of(words.front());
  question.type = type_of(words.back());
  if (words.size() == 2) return question;
  const auto klass = try_class(words[1]);
  if (!klass) refuse("not a class", text);
  question.klass = *klass;
  return question;
}

std::vector<std::uint8_t> parse_hex(std::string_view text) {
  std::vector<std::uint8_t> digits;
  for (const char c : text) {
    if (!is_space(c)) digits.push_back(hex_digit(c, text));
  }
  if (digits.size() % 2 != 0) refuse("half an octet", text);
  std::vector<std::uint8_t> octets(digits.size() / 2);
  for (std::size_t i = 0; i < octets.size(); ++i)
    octets[i] = static_cast<std::uint8_t>(digits[2 * i] << 4 | digits[2 * i + 1]);
  return octets;
}

void write_record(dns::MessageWriter& writer, dns::Section section, const ZoneRecord& record) {
  if (record.generic) {
    writer.record({section, record.owner, record.type, record.klass, record.ttl}, record.rdata);
    return;
  }
  dns::Record copied;
  copied.section = section;
  copied.owner = record.owner;
  copied.type = record.type;
  copied.klass = record.klass;
  copied.ttl = record.ttl;
  copied.rdata_size = static_cast<std::uint16_t>(record.rdata.size());
  // Not fitting shows in writer.ok().
  static_cast<void>(writer.copy(copied, record.rdata));
}

}  // namespace sluice::tests
