// SPDX-License-Identifier: Apache-2.0
#include "crds/namespace.hpp"

namespace sluice::crds {

filters::Namespace decode_namespace(const Field& /*object*/, const Metadata& metadata) {
  return {metadata.name, metadata.labels};
}

}  // namespace sluice::crds
