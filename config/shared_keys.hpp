// SPDX-License-Identifier: Apache-2.0
// Fields and sections that more than one file of settings has. They are functions, so that a table
// in another file may use them while it is being made.
#pragma once

#include <chrono>
#include <cstdint>

#include "config/field.hpp"
#include "config/settings.hpp"

namespace sluice::config {

template <typename Object>
Field<Object> count(std::uint32_t Object::* member, Range<std::uint32_t> range) {
  return value(member, whole_number(range));
}

/// `low` is 0 where the kernel may choose, else 1.
template <typename Object>
Field<Object> port(std::uint16_t Object::* member, std::uint16_t low) {
  return value(member, whole_number(Range<std::uint16_t>{low, 65535}));
}

template <typename Object>
Field<Object> span(std::chrono::milliseconds Object::* member,
                   Range<std::chrono::milliseconds> range) {
  return value(member, duration(range));
}

template <typename Object>
Field<Object> span(std::chrono::seconds Object::* member, Range<std::chrono::seconds> range) {
  return value(member, duration(range));
}

const Keys<Log>& log_keys();
const Keys<ServerTls>& server_tls_keys();
const Keys<Admin>& admin_keys();

}  // namespace sluice::config
