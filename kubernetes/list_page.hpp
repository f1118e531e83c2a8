// SPDX-License-Identifier: Apache-2.0
// One page of a list, taken out of its JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kubernetes/api_failure.hpp"
#include "kubernetes/object.hpp"

namespace sluice::kubernetes {

struct ListPage {
  std::vector<ObjectPointer> objects;
  std::string resource_version;  ///< of the list, where a watch goes on
  std::string continue_token;    ///< empty on the last page
};

/// FailureKind::invalid for anything but a list: half a list would be told as deletions.
ApiResult<ListPage> parse_list_page(std::string_view body, Trim trim = nullptr);

}  // namespace sluice::kubernetes
