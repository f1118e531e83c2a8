// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/json_access.hpp"

#include <utility>

#include <boost/json/parse.hpp>

namespace sluice::kubernetes {

const boost::json::object* find_object(const boost::json::object& around, std::string_view key) {
  const boost::json::value* found = around.if_contains({key.data(), key.size()});
  return found == nullptr ? nullptr : found->if_object();
}

std::string_view find_string(const boost::json::object& around, std::string_view key) {
  const boost::json::value* found = around.if_contains({key.data(), key.size()});
  const boost::json::string* text = found == nullptr ? nullptr : found->if_string();
  if (text == nullptr) return {};
  return {text->data(), text->size()};
}

void keep_only(boost::json::object& around, std::string_view key,
               std::initializer_list<std::string_view> fields) {
  const auto* found = find_object(around, key);
  if (found == nullptr) return;
  boost::json::object kept;
  for (const std::string_view field : fields) {
    if (const auto* value = found->if_contains(field)) kept.emplace(field, *value);
  }
  around[key] = std::move(kept);
}

boost::json::parse_options parse_options() {
  boost::json::parse_options options;
  options.max_depth = 128;
  return options;
}

std::optional<boost::json::object> parse_object(std::string_view text,
                                                boost::json::storage_ptr storage) {
  boost::system::error_code error;
  boost::json::value value =
      boost::json::parse({text.data(), text.size()}, error, std::move(storage), parse_options());
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

}  // namespace sluice::kubernetes
