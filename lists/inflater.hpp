// SPDX-License-Identifier: Apache-2.0
// gzip, inflated chunk by chunk with bounds on what comes out: a few kilobytes can be made to
// inflate to gigabytes (RFC 1952; several members one after the other are one stream).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct z_stream_s;

namespace sluice::lists {

class Inflater {
 public:
  /// Output beyond which the ratio is looked at: small files may well be one line many times over.
  static constexpr std::uint64_t free_output = 16ULL << 20;
  /// Lists shrink to a fifth or a tenth, made-up ones to a thirtieth; gzip can do a thousandth.
  static constexpr std::uint64_t max_ratio = 200;

  /// Takes a piece of the output; false: no more is wanted.
  using Take = std::function<bool(std::string_view piece)>;

  Inflater(std::uint64_t max_output, Take take);
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  /// Empty, or why it cannot go on.
  std::string feed(std::span<const std::uint8_t> octets);
  /// Empty, or what is missing at the end.
  [[nodiscard]] std::string finish() const;

  /// Whether octets begin a gzip stream; two are enough to tell.
  static bool is_gzip(std::span<const std::uint8_t> octets);

 private:
  std::string inflate_some();
  [[nodiscard]] std::string check_output() const;

  std::uint64_t max_output_;
  Take take_;
  std::unique_ptr<z_stream_s> stream_;
  std::array<char, 65536> buffer_;
  std::uint64_t input_ = 0;
  std::uint64_t output_ = 0;
  bool is_complete_ = false;  ///< at the end of a member
};

}  // namespace sluice::lists
