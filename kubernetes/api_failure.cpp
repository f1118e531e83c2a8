// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/api_failure.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <boost/json/array.hpp>

#include "config/yaml.hpp"
#include "kubernetes/json_access.hpp"

namespace sluice::kubernetes {
namespace {

namespace json = boost::json;

/// A Status quotes what it refuses; a log line needs the beginning.
constexpr std::size_t max_message = 300;
/// A reason is a word of the API's; anything longer is not one.
constexpr std::size_t max_reason = 64;

std::int64_t find_number(const json::object& around, std::string_view key) {
  const json::value* found = around.if_contains({key.data(), key.size()});
  const std::int64_t* number = found == nullptr ? nullptr : found->if_int64();
  return number == nullptr ? 0 : *number;
}

bool has_cause(const json::object& details, std::string_view reason) {
  const json::value* found = details.if_contains("causes");
  const json::array* causes = found == nullptr ? nullptr : found->if_array();
  if (causes == nullptr) return false;
  return std::ranges::any_of(*causes, [&](const json::value& cause) {
    return cause.is_object() && find_string(cause.get_object(), "reason") == reason;
  });
}

std::string text_of(const ApiStatus& status) {
  std::string text = "the API server answers " + std::to_string(status.code);
  if (!status.reason.empty()) text += ' ' + status.reason;
  if (!status.message.empty()) text += ": " + status.message;
  return text;
}

}  // namespace

ApiStatus ApiStatus::from_json(const json::object& object) {
  ApiStatus status;
  status.code = static_cast<int>(std::clamp<std::int64_t>(find_number(object, "code"), 0, 999));
  status.reason = config::printable(find_string(object, "reason"), max_reason);
  status.message = config::printable(find_string(object, "message"), max_message);
  const json::object* details = find_object(object, "details");
  if (details == nullptr) return status;
  const std::int64_t seconds = find_number(*details, "retryAfterSeconds");
  if (seconds > 0) status.retry_after = std::chrono::seconds(seconds);
  status.is_version_too_large = has_cause(*details, "ResourceVersionTooLarge");
  return status;
}

std::string label_of(const ApiFailure& failure) {
  static constexpr std::array<const char*, 7> names{"refused",     "timeout", "lost",     "tls",
                                                    "credentials", "invalid", "too_large"};
  if (failure.kind != FailureKind::status) return names.at(static_cast<std::size_t>(failure.kind));
  const int code = failure.status.code;
  return code >= 100 && code < 600 ? std::to_string(code) : "other";
}

ApiFailure make_status_failure(ApiStatus status) {
  ApiFailure failure{.kind = FailureKind::status, .text = text_of(status)};
  failure.status = std::move(status);
  return failure;
}

ApiFailure make_http_failure(int code, std::string_view body) {
  ApiStatus status;
  if (const auto object = parse_object(body)) {
    status = ApiStatus::from_json(*object);
  } else {
    status.message = config::printable(body, max_message);
  }
  status.code = code;
  return make_status_failure(std::move(status));
}

void throw_exception_from_error(const ApiFailure& failure,
                                const boost::source_location& /*where*/) {
  throw std::logic_error("unchecked ApiFailure: " + failure.text);
}

}  // namespace sluice::kubernetes
