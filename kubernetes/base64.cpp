// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/base64.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include <openssl/evp.h>

namespace sluice::kubernetes {

std::optional<std::string> decode_base64(std::string_view text) {
  std::string packed;
  std::ranges::copy_if(text, std::back_inserter(packed),
                       [](unsigned char c) { return std::isspace(c) == 0; });
  if (packed.size() % 4 != 0) return std::nullopt;
  const std::size_t data_end = std::min(packed.find('='), packed.size());
  const std::size_t padding = packed.size() - data_end;
  if (padding > 2 || packed.find_first_not_of('=', data_end) != std::string::npos)
    return std::nullopt;
  std::string octets(packed.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),        // NOLINT
                                   reinterpret_cast<const unsigned char*>(packed.data()),  // NOLINT
                                   static_cast<int>(packed.size()));
  if (size < 0) return std::nullopt;
  octets.resize(static_cast<std::size_t>(size) - padding);
  return octets;
}

std::string encode_base64(std::string_view octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),          // NOLINT
                                   reinterpret_cast<const unsigned char*>(octets.data()),  // NOLINT
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace sluice::kubernetes
