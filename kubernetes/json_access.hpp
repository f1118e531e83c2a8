// SPDX-License-Identifier: Apache-2.0
// Reading JSON of which nothing is certain: what is missing or has another type reads as empty.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/storage_ptr.hpp>

namespace sluice::kubernetes {

/// Null when there is no object under the key.
const boost::json::object* find_object(const boost::json::object& around, std::string_view key);

/// Empty when there is no string under the key. Lives as long as `around`.
std::string_view find_string(const boost::json::object& around, std::string_view key);

/// Leaves nothing of the object under the key but the fields that are named.
void keep_only(boost::json::object& around, std::string_view key,
               std::initializer_list<std::string_view> fields);

/// Deep enough for managedFields and for CRDs of others; Boost's default of 32 is not. The parser
/// keeps its own stack, so that depth costs no stack of ours.
boost::json::parse_options parse_options();

/// The object that is all of `text`; nothing for anything else. Lives in `storage`.
std::optional<boost::json::object> parse_object(std::string_view text,
                                                boost::json::storage_ptr storage = {});

}  // namespace sluice::kubernetes
