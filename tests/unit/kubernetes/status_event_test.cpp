// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/status_event.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kubernetes/json_access.hpp"
#include "tests/unit/kubernetes/objects.hpp"

using namespace sluice;
using namespace sluice::kubernetes;

namespace {

boost::json::object status(const std::string& ready, const std::string& reason) {
  return *parse_object(R"({"conditions": [{"type": "Ready", "status": ")" + ready +
                       R"(", "reason": ")" + reason + R"(", "message": ""}]})");
}

const crds::ObjectKey key{"DNSFilter", "shop", "web"};
const EventReporter reporter{"pod", "2026-01-01T00:00:00.000000Z"};

}  // namespace

TEST_CASE("events tell what becomes wrong and right again, not what is", "[kubernetes][status]") {
  const auto fresh = status("Unknown", "Pending");
  const auto good = status("True", "Ready");
  const auto wrong = status("False", "Invalid");
  CHECK_FALSE(event_of(fresh, good));
  CHECK_FALSE(event_of(good, good));
  CHECK_FALSE(event_of(wrong, wrong));
  CHECK(event_of(fresh, wrong)->reason == "Invalid");
  CHECK(event_of({}, wrong)->reason == "Invalid");
  CHECK(event_of(wrong, status("False", "QuotaExceeded"))->reason == "QuotaExceeded");
  CHECK(event_of(wrong, good)->reason == "Ready");
  // Nodes take a version over: of one that was right before that is no news.
  CHECK_FALSE(event_of(good, fresh));
  CHECK_FALSE(event_of({}, fresh));
  CHECK(event_of(wrong, fresh)->reason == "Pending");
}

TEST_CASE("the same of the same object is one event", "[kubernetes][status]") {
  const auto web = tests::object({"web", "u1", "1"});
  const Condition wrong{"Ready", "False", "Invalid", std::string(5000, 'a')};
  EventSeries series;
  const auto first = series.add(key, *web, wrong, reporter);
  const auto second = series.add(key, *web, wrong, reporter);
  const auto third = series.add(key, *web, wrong, reporter);
  CHECK_FALSE(first.is_known);
  CHECK(second.is_known);
  CHECK(first.name == third.name);
  CHECK(parse_object(third.series_body)->at("series").at("count") == 3);
  const auto body = *parse_object(first.body);
  CHECK(body.at("note").as_string().size() <= 1024);
  CHECK(body.at("type") == "Warning");
  CHECK(body.at("regarding").at("uid") == "u1");

  const auto reborn = tests::object({"web", "u2", "1"});
  CHECK(series.add(key, *reborn, wrong, reporter).name != first.name);
  CHECK(series.add(key, *web, {"Ready", "True", "Ready", ""}, reporter).name != first.name);
  CHECK(EventSeries().add(key, *web, wrong, reporter).name == first.name);  // of the next leader
}

TEST_CASE("events about objects of the cluster are in the default namespace",
          "[kubernetes][status]") {
  const auto tenant = tests::object({"geo", "u1", "1"});
  EventSeries series;
  const auto event =
      series.add({"DNSTenant", "", "geo"}, *tenant, {"Ready", "False", "Conflicted", ""}, reporter);
  CHECK(event.target == "/apis/events.k8s.io/v1/namespaces/default/events");
}
