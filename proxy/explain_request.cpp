// SPDX-License-Identifier: Apache-2.0
#include "proxy/explain_request.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace sluice::proxy {
namespace {

using AskerResult = boost::system::result<Asker, std::string>;

/// "key=value", separated by commas.
std::optional<filters::Labels> parse_labels(std::string_view text) {
  filters::Labels labels;
  while (!text.empty()) {
    const auto pair = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (equals == pair.npos || equals == 0) return std::nullopt;
    labels[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
  }
  return labels;
}

AskerResult parse_workload(const ExplainTexts& texts) {
  const auto labels = parse_labels(texts.pod_labels);
  if (!labels)
    return "`podLabels` must be like app=web,tier=front; found '" + texts.pod_labels + "'";
  return Asker(filters::Workload{texts.namespace_name, *labels});
}

AskerResult parse_pod(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == text.npos || slash == 0 || slash + 1 == text.size() || text.rfind('/') != slash)
    return "`pod` must be like payments/checkout-7f; found '" + text + "'";
  return Asker(PodName{text.substr(0, slash), text.substr(slash + 1)});
}

AskerResult parse_client(const std::string& text) {
  const auto address = filters::Address::from_text(text);
  if (!address) return "`client` must be an IP address; found '" + text + "'";
  return Asker(*address);
}

AskerResult parse_asker(const ExplainTexts& texts) {
  const std::array given{!texts.namespace_name.empty(), !texts.pod.empty(), !texts.client.empty()};
  const auto count = std::count(given.begin(), given.end(), true);
  if (count != 1) {
    return std::string(count == 0 ? "`namespace`, `pod` or `client` is missing"
                                  : "only one of `namespace`, `pod` and `client` can be told") +
           ": whose query is it?";
  }
  if (given[0]) return parse_workload(texts);
  if (!texts.pod_labels.empty())
    return "`podLabels` go with a `namespace`; of a pod that it knows, Sluice knows the labels";
  return given[1] ? parse_pod(texts.pod) : parse_client(texts.client);
}

}  // namespace

boost::system::result<ExplainRequest, std::string> make_explain_request(const ExplainTexts& texts) {
  const auto asker = parse_asker(texts);
  if (!asker) return asker.error();
  auto name = dns::Name::from_text(texts.name);
  if (texts.name.empty() || !name)
    return "`name` must be a domain name; found '" + texts.name + "'";
  name->lower();
  const auto type = texts.type.empty() ? dns::Type::a : dns::type_from_text(texts.type);
  if (!type) return "`type` must be a query type such as AAAA; found '" + texts.type + "'";
  return ExplainRequest{*asker, *name, *type};
}

}  // namespace sluice::proxy
