// SPDX-License-Identifier: Apache-2.0
#include "proxy/certificate_identity.hpp"

#include <algorithm>

namespace sluice::proxy {
namespace {

/// SPIFFE-ID 2.3: longer ones need not be supported.
constexpr std::size_t max_uri_size = 2048;
constexpr std::size_t max_name_size = 253;
constexpr std::string_view placeholder = "{namespace}";
constexpr std::string_view account_segment = "/sa/";

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// RFC 1123, in lower case: what a namespace can be called.
bool is_label(std::string_view text) {
  return !text.empty() && is_lower_or_digit(text.front()) && is_lower_or_digit(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

/// An account's name is an RFC 1123 subdomain.
bool is_account(std::string_view text) {
  while (true) {
    const std::string_view label = text.substr(0, text.find('.'));
    if (!is_label(label)) return false;
    if (label.size() == text.size()) return true;
    text.remove_prefix(label.size() + 1);
  }
}

std::vector<std::string> labels_of(std::string_view name) {
  std::vector<std::string> labels;
  while (true) {
    const std::string_view label = name.substr(0, name.find('.'));
    labels.emplace_back(label);
    if (label.size() == name.size()) return labels;
    name.remove_prefix(label.size() + 1);
  }
}

/// DNS names have no case.
std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// The label in the place of the namespace; empty where the name is not of the pattern. A
/// certificate's own `*` is no label, so that a wildcard certificate is nobody's.
std::string_view match(const std::vector<std::string>& pattern,
                       const std::vector<std::string>& labels) {
  if (labels.size() != pattern.size()) return {};
  std::string_view name;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!is_label(labels[i])) return {};
    if (pattern[i] == placeholder) {
      name = labels[i];
    } else if (pattern[i] != "*" && pattern[i] != labels[i]) {
      return {};
    }
  }
  return name;
}

}  // namespace

CertificateIdentity::CertificateIdentity(const config::CertificateNames& names)
    : prefix_(names.trust_domain.empty() ? "" : "spiffe://" + names.trust_domain + "/ns/") {
  for (const std::string& pattern : names.dns_names)
    patterns_.push_back(labels_of(pattern));
}

filters::CertificateClaim CertificateIdentity::claim_of(const X509& certificate) const {
  const auto names = tls::read_subject_names(certificate);
  return names ? claim_of(*names) : filters::CertificateClaim::nobody();
}

filters::CertificateClaim CertificateIdentity::claim_of(const tls::SubjectNames& names) const {
  if (prefix_.empty() || names.uris.empty()) return claim_of_names(names.dns_names);
  // X509-SVID 2: exactly one URI, or the certificate is no identity at all.
  if (names.uris.size() != 1) return filters::CertificateClaim::nobody();
  return filters::CertificateClaim::of(namespace_of_uri(names.uris.front()));
}

/// Compared octet by octet: SPIFFE-ID 2 leaves an ID one spelling, without upper case in the trust
/// domain, percent-encoding, query or fragment.
std::string_view CertificateIdentity::namespace_of_uri(std::string_view uri) const {
  if (uri.size() > max_uri_size || !uri.starts_with(prefix_)) return {};
  uri.remove_prefix(prefix_.size());
  const std::string_view name = uri.substr(0, uri.find('/'));
  uri.remove_prefix(name.size());
  if (!is_label(name) || !uri.starts_with(account_segment)) return {};
  uri.remove_prefix(account_segment.size());
  return is_account(uri) ? name : std::string_view();
}

/// Names of no pattern do not matter, those that are must agree.
filters::CertificateClaim CertificateIdentity::claim_of_names(
    const std::vector<std::string>& dns_names) const {
  std::string agreed;
  for (const std::string& dns_name : dns_names) {
    if (dns_name.size() > max_name_size) continue;
    const auto labels = labels_of(lower(dns_name));
    for (const Pattern& pattern : patterns_) {
      const std::string_view name = match(pattern, labels);
      if (name.empty()) continue;
      if (!agreed.empty() && agreed != name) return filters::CertificateClaim::nobody();
      agreed = name;
    }
  }
  return filters::CertificateClaim::of(agreed);
}

}  // namespace sluice::proxy
