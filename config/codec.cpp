// SPDX-License-Identifier: Apache-2.0
#include "config/codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>

#include "config/yaml.hpp"

namespace sluice::config {
namespace {

constexpr std::size_t max_label_octets = 63;    // RFC 1035 2.3.4
constexpr std::size_t max_domain_octets = 253;  // RFC 1035 2.3.4, as text without the final dot

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c);
}

/// Within one to 63 octets, alphanumeric at both ends and made of what `is_allowed` lets through.
template <typename Predicate>
bool is_label(std::string_view text, Predicate is_allowed) {
  if (text.empty() || text.size() > max_label_octets) return false;
  if (!is_alphanumeric(text.front()) || !is_alphanumeric(text.back())) return false;
  return std::all_of(text.begin(), text.end(), is_allowed);
}

bool is_name(const std::string& text) {
  return is_label(text,
                  [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_namespace(const std::string& text) {
  return is_label(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_ip_address(const std::string& text) {
  if (text.find('\0') != std::string::npos) return false;  // where inet_pton stops reading
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

bool is_domain(const std::string& text) {
  std::string_view rest = text;
  if (rest.ends_with('.')) rest.remove_suffix(1);
  if (rest.size() > max_domain_octets) return false;
  while (true) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    if (!is_label(label, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; })) {
      return false;
    }
    // No top-level domain is all digits (RFC 3696 2): this is an address gone wrong.
    if (label.size() == rest.size()) return !std::all_of(label.begin(), label.end(), is_digit);
    rest.remove_prefix(label.size() + 1);
  }
}

/// Compared with what clients send as it stands.
bool is_url_path(const std::string& text) {
  constexpr std::size_t max_size = 255;
  constexpr std::string_view punctuation = "/-._~";
  return text.starts_with('/') && text.size() <= max_size && std::ranges::all_of(text, [&](char c) {
           return is_alphanumeric(c) || punctuation.find(c) != std::string_view::npos;
         });
}

/// SPIFFE-ID 2.1.
bool is_trust_domain(const std::string& text) {
  constexpr std::size_t max_size = 255;
  return !text.empty() && text.size() <= max_size && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

/// In lower case; compared label by label with the names in certificates.
bool is_dns_name_pattern(const std::string& text) {
  std::size_t placeholders = 0;
  std::string_view rest = text;
  while (true) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    if (label == "{namespace}") {
      ++placeholders;
    } else if (label != "*" && !is_namespace(std::string(label))) {
      return false;
    }
    if (label.size() == rest.size()) return placeholders == 1 && text.size() <= max_domain_octets;
    rest.remove_prefix(label.size() + 1);
  }
}

std::string identity(const std::string& text) {
  return text;
}

Codec<std::string> text_where(bool (*is_valid)(const std::string&), std::string type,
                              std::string expected) {
  const auto read = [is_valid](const Node& node) {
    auto text = try_text(node);
    if (text && !is_valid(*text)) text.reset();
    return text;
  };
  return {std::move(type), "", std::move(expected), read, identity};
}

}  // namespace

std::optional<std::string> try_text(const Node& node) {
  return is_string(node) ? std::optional(node.text()) : std::nullopt;
}

std::optional<std::uint64_t> try_whole_number(const Node& node) {
  if (!node.is_scalar() || is_string(node)) return std::nullopt;
  const std::string& text = node.text();
  std::uint64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> try_byte_size(const Node& node) {
  return node.is_scalar() ? try_byte_size(node.text()) : std::nullopt;
}

std::optional<std::chrono::milliseconds> try_duration(const Node& node) {
  return node.is_scalar() ? try_duration(node.text()) : std::nullopt;
}

Codec<std::string> name() {
  return text_where(is_name, "name",
                    "a name of up to 63 letters, digits, '-', '_' and '.' that starts and ends "
                    "with a letter or digit");
}

Codec<std::string> namespace_name() {
  return text_where(is_namespace, "name",
                    "a namespace's name (up to 63 lower-case letters, digits and '-')");
}

Codec<std::string> domain() {
  return text_where(is_domain, "domain name", "a domain name");
}

Codec<std::string> ip_address() {
  return text_where(is_ip_address, "IP address", "an IP address without brackets or port");
}

Codec<std::string> host() {
  return text_where([](const std::string& text) { return is_ip_address(text) || is_domain(text); },
                    "IP address or host name",
                    "an IP address or a host name, without brackets or port");
}

Codec<std::string> cidr() {
  return text_where([](const std::string& text) { return !text.empty(); }, "CIDR",
                    "a CIDR such as 10.0.0.0/8");
}

Codec<std::string> url_path() {
  return text_where(is_url_path, "path",
                    "a path such as /dns-query: '/', letters, digits, '-', '.', '_' and '~'");
}

Codec<std::string> trust_domain() {
  return text_where(
      is_trust_domain, "trust domain",
      "a trust domain such as cluster.local: lower-case letters, digits, '.', '-' and "
      "'_', without spiffe://");
}

Codec<std::string> dns_name_pattern() {
  return text_where(is_dns_name_pattern, "pattern",
                    "a name in lower case with exactly one label {namespace}, such as "
                    "*.{namespace}.svc.cluster.local; the label * stands for any one label");
}

Codec<std::filesystem::path> file_path() {
  const auto read = [](const Node& node) -> std::optional<std::filesystem::path> {
    const auto text = try_text(node);
    // A NUL, which double quotes can hold, would cut the name short in the system's eyes.
    if (!text || text->empty() || text->find('\0') != std::string::npos) return std::nullopt;
    return *text;
  };
  return {"path", "", "a path", read,
          [](const std::filesystem::path& path) { return path.string(); }};
}

Codec<std::uint64_t> byte_size(Range<std::uint64_t> range) {
  const std::string bounds = format_byte_size(range.low) + " to " + format_byte_size(range.high);
  const auto read = [range](const Node& node) -> std::optional<std::uint64_t> {
    const auto octets = try_byte_size(node);
    if (!octets || *octets < range.low || *octets > range.high) return std::nullopt;
    return octets;
  };
  return {"size", bounds, "a size (1048576, 10M, 64Mi) from " + bounds, read, format_byte_size};
}

std::string enumerate(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace sluice::config
