// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/cluster_access.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace sluice::kubernetes {
namespace {

/// A bundle of many authorities has some 200 KiB; more is a wrong file.
constexpr std::size_t max_file = 1UL << 20;

ApiFailure unusable(const Material& material, const std::string& why) {
  return {.kind = FailureKind::credentials, .text = material.file.string() + ": " + why};
}

}  // namespace

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

ApiResult<std::string> read_material(const Material& material) {
  if (material.file.empty()) return material.text;
  errno = 0;
  std::ifstream input(material.file, std::ios::binary);
  std::string text(max_file + 1, '\0');
  if (input) input.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (input.bad() || !input.is_open())
    return unusable(material, std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(input.gcount()));
  if (text.size() > max_file)
    return unusable(material, "has more than " + std::to_string(max_file) + " octets");
  text.shrink_to_fit();
  return text;
}

}  // namespace sluice::kubernetes
