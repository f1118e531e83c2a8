// SPDX-License-Identifier: Apache-2.0
// What stands in certificates, and the files that they come in.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <openssl/x509.h>

namespace sluice::tls {

/// The text of a PEM file; nothing if it cannot be read or is larger than certificates ever are.
std::optional<std::string> read_pem_file(const std::filesystem::path& path);

/// When it expires; the epoch for null.
std::chrono::system_clock::time_point not_after(const X509* certificate);

/// Whom a certificate was issued to: its subject alternative names, as they stand there.
struct SubjectNames {
  std::vector<std::string> uris;
  std::vector<std::string> dns_names;
};

/// Nothing for a certificate that may sign others (an authority is nobody's workload), and for one
/// of whose names any is no printable ASCII: a NUL or a control character is there to deceive.
std::optional<SubjectNames> read_subject_names(const X509& certificate);

}  // namespace sluice::tls
