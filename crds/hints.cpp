// SPDX-License-Identifier: Apache-2.0
#include "crds/hints.hpp"

#include <algorithm>

#include <yaml-cpp/exceptions.h>

#include "dns/types.hpp"
#include "filters/address.hpp"
#include "filters/rule.hpp"

namespace sluice::crds {
namespace {

/// Longer texts are no slips of the keyboard.
constexpr std::size_t max_mended_octets = 253;

std::string did_you_mean(const std::string& text) {
  return "did you mean '" + text + "'?";
}

/// ASCII only: other letters have no place in names.
std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// `*foo.com` as `*.foo.com`, in lower case and without a final dot.
std::string mend_pattern(std::string text) {
  text = lower(std::move(text));
  if (text.size() > 1 && text.ends_with('.')) text.pop_back();
  const auto stars = text.find_first_not_of('*');
  if (stars == 0 || stars == std::string::npos) return text;
  const bool has_dot = text[stars] == '.';
  return (has_dot ? "*" : "*.") + text.substr(stars);
}

std::string domain_hint(const std::string& text) {
  if (!is_ascii(text)) return "write internationalized labels in their A-label form (xn--...)";
  if (filters::Prefix::from_text(text)) return "an IP address is not a domain name";
  if (text.find("://") != std::string::npos) return "leave scheme, port and path out";
  const std::string mended = mend_pattern(text);
  if (filters::is_pattern(mended)) return did_you_mean(mended);
  if (mended.find('*') != std::string::npos)
    return "'*' stands only alone or for everything below a name, as in '*.example.com'";
  return {};
}

std::string canonical_name_hint(const std::string& text) {
  if (text.find('*') != std::string::npos) return "a rewrite leads to one name, not to a pattern";
  if (text.starts_with('.')) return did_you_mean(mend_pattern(text.substr(1)));
  return domain_hint(text);
}

/// Where a name stands for itself, or with everything below it because that is the field's meaning.
std::string plain_name_hint(const std::string& text) {
  const auto start = text.find_first_not_of("*.");
  if (start == std::string::npos || start == 0) return domain_hint(text);
  return did_you_mean(mend_pattern(text.substr(start)));
}

std::string entry_hint(const std::string& text) {
  if (text.find_first_of(" \t|^@#") != std::string::npos)
    return "lists in other formats are read by the `file` or `http` of a ClusterDomainList";
  return plain_name_hint(text);
}

std::string prefix_hint(const std::string& text) {
  const auto address = filters::Address::from_text(text);
  return address ? did_you_mean(text + (address->is_v4() ? "/32" : "/128")) : "";
}

std::string query_type_hint(const std::string& text) {
  if (text == "*") return did_you_mean("ANY");
  const auto type = dns::type_from_text(upper(text));
  return type ? did_you_mean(dns::to_text(*type)) : "";
}

std::string name_hint(const std::string& found) {
  std::string text = lower(found);
  std::replace_if(text.begin(), text.end(), [](char c) { return c == '_' || c == ' '; }, '-');
  const bool is_name = !text.empty() && text.front() != '-' && text.back() != '-' &&
                       text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == text.npos;
  return is_name && text != found ? did_you_mean(text) : "";
}

}  // namespace

std::string hint_for(std::string_view field_name, const std::string& text) {
  if (text.size() > max_mended_octets) return {};
  if (field_name == "domains") return domain_hint(text);
  if (field_name == "canonicalName") return canonical_name_hint(text);
  if (field_name == "queryTypes") return query_type_hint(text);
  if (field_name == "name") return name_hint(text);
  if (field_name == "entries") return entry_hint(text);
  if (field_name == "zone" || field_name == "serverName") return plain_name_hint(text);
  if (field_name == "answerCIDRs") return prefix_hint(text);
  return {};
}

void add_alias_hint(config::Diagnostic& problem) {
  const bool is_alias = problem.message.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR) ||
                        problem.message.starts_with(YAML::ErrorMsg::ALIAS_NOT_FOUND);
  if (is_alias) problem.message += "; put patterns that begin with * in quotes: \"*.example.com\"";
}

}  // namespace sluice::crds
