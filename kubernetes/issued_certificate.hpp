// SPDX-License-Identifier: Apache-2.0
// Certificates of our own making, for a server that only one kind of client asks. Each has an
// authority for itself, whose key is forgotten as soon as it has signed: nobody can steal it, and
// nothing else is ever trusted because of it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sluice::kubernetes {

using WallTime = std::chrono::system_clock::time_point;

/// Both in PEM.
struct KeyPair {
  std::string certificate;
  std::string private_key;
  bool operator==(const KeyPair&) const = default;
};

struct IssuedCertificate {
  std::string authority;  ///< PEM: whom to trust
  KeyPair pair;
};

/// A key on P-256 and its certificate for `server_name`, a DNS name or an IP address, which is
/// valid until `not_after` and, for clocks that are slow, has been since an hour before `now`.
/// Throws std::runtime_error where OpenSSL has no random numbers or no memory.
IssuedCertificate issue_certificate(const std::string& server_name, WallTime now,
                                    WallTime not_after);

/// Until when the pair is good: its key fits, it is for `server_name`, and whoever trusts
/// `authorities` trusts it at `now`. Nothing when one of these is not so.
std::optional<WallTime> good_until(const KeyPair& pair, const std::string& authorities,
                                   const std::string& server_name, WallTime now);

/// Each certificate of a PEM text that is not over at `now`, as PEM. Whatever else stands in it is
/// left out.
std::vector<std::string> current_certificates(const std::string& pem, WallTime now);

}  // namespace sluice::kubernetes
