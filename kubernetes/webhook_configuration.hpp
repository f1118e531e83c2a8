// SPDX-License-Identifier: Apache-2.0
// The ValidatingWebhookConfiguration of which only `clientConfig.caBundle` is ours.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>

namespace sluice::kubernetes {

std::string webhook_configuration_target(const std::string& name);

/// The body of a strategic merge patch (application/strategic-merge-patch+json) after which every
/// webhook of the configuration trusts `authorities`, in PEM; nothing when all do. It fails, with
/// 409, where the configuration has changed meanwhile.
std::optional<std::string> trust_patch(const boost::json::object& configuration,
                                       const std::string& authorities);

}  // namespace sluice::kubernetes
