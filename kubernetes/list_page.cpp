// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/list_page.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

ApiFailure invalid(std::string text) {
  return {.kind = FailureKind::invalid, .text = std::move(text)};
}

}  // namespace

ApiResult<ListPage> parse_list_page(std::string_view body, Trim trim) {
  // Thousands of values that go all at once: they leave no holes in the heap.
  boost::json::monotonic_resource storage(body.size());
  auto list = parse_object(body, &storage);
  if (!list) return invalid("the list is no JSON object");
  ListPage page;
  page.resource_version = resource_version_of(*list);
  if (page.resource_version.empty()) return invalid("the list has no resource version");
  page.continue_token = find_string(*find_object(*list, "metadata"), "continue");
  boost::json::value* items = list->if_contains("items");
  // Go writes an empty list as null, too. Without the key this is no list, and not an empty one.
  if (items != nullptr && items->is_null()) return page;
  if (items == nullptr || !items->is_array()) return invalid("the list has no items");
  page.objects.reserve(items->get_array().size());
  for (boost::json::value& item : items->get_array()) {
    ObjectPointer object =
        item.is_object() ? make_object(std::move(item.get_object()), trim) : nullptr;
    if (object == nullptr) return invalid("an item of the list has no name, uid or version");
    page.objects.push_back(std::move(object));
  }
  return page;
}

}  // namespace sluice::kubernetes
