// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/certificate_rotation.hpp"

#include <algorithm>

namespace sluice::kubernetes {
namespace {

/// Rotations leave two at most. More would be of two writers that do not agree, and must not grow
/// without end.
constexpr std::size_t max_authorities = 4;

std::string join(const std::vector<std::string>& certificates) {
  std::string pem;
  for (std::size_t i = 0; i < std::min(certificates.size(), max_authorities); ++i)
    pem += certificates[i];
  return pem;
}

/// Those of `found` that are not over, behind a new one.
std::string with_authority(const std::string& authority, const WebhookSecret& found, WallTime now) {
  auto certificates = current_certificates(found.authorities, now);
  certificates.insert(certificates.begin(), authority);
  return join(certificates);
}

}  // namespace

void CertificateRotation::take_published(const std::string& authorities, WallTime now) {
  // A clock that was set back begins anew.
  const bool is_as_before = published_ == authorities && published_since_ <= now;
  if (is_as_before) return;
  published_ = authorities;
  published_since_ = now;
}

bool CertificateRotation::is_known(const std::string& authorities, WallTime now) const {
  return published_ == authorities && now >= published_since_ + settings_.overlap;
}

std::optional<WallTime> CertificateRotation::good_until(const KeyPair& pair,
                                                        const WebhookSecret& found,
                                                        WallTime now) const {
  return kubernetes::good_until(pair, found.authorities, settings_.server_name, now);
}

/// At once: what is shown is of no use to anybody.
WebhookSecret CertificateRotation::replace(const WebhookSecret& found, WallTime now) const {
  auto issued = issue_certificate(settings_.server_name, now, now + settings_.lifetime);
  WebhookSecret secret = found;
  secret.authorities = with_authority(issued.authority, found, now);
  secret.serving = std::move(issued.pair);
  secret.next.reset();
  return secret;
}

WebhookSecret CertificateRotation::prepare(const WebhookSecret& found, WallTime now) const {
  auto issued = issue_certificate(settings_.server_name, now, now + settings_.lifetime);
  WebhookSecret secret = found;
  secret.authorities = with_authority(issued.authority, found, now);
  secret.next = std::move(issued.pair);
  return secret;
}

std::optional<WebhookSecret> CertificateRotation::plan(const std::optional<WebhookSecret>& found,
                                                       WallTime now) const {
  if (!found) return replace({}, now);
  const auto serving = good_until(found->serving, *found, now);
  const auto next = found->next ? good_until(*found->next, *found, now) : std::nullopt;
  if (!serving && !next) return replace(*found, now);
  if (next && (!serving || is_known(found->authorities, now))) {
    WebhookSecret secret = *found;
    secret.serving = *found->next;
    secret.next.reset();
    return secret;
  }
  if (!next && (found->next || *serving - now < settings_.renew_before))
    return prepare(*found, now);
  const std::string current = join(current_certificates(found->authorities, now));
  if (current == found->authorities) return std::nullopt;
  WebhookSecret secret = *found;
  secret.authorities = current;
  return secret;
}

}  // namespace sluice::kubernetes
