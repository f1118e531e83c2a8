// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_player.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "tests/support/scenario_answer.hpp"
#include "tests/support/scenario_metric.hpp"

namespace sluice::tests {
namespace {

proxy::Transport transport_of(const YAML::Node& node) {
  const std::map<std::string, proxy::Transport> known{{"udp", proxy::Transport::udp},
                                                      {"tcp", proxy::Transport::tcp},
                                                      {"tls", proxy::Transport::tls},
                                                      {"https", proxy::Transport::https}};
  const auto found = known.find(node.as<std::string>());
  if (found == known.end()) throw ScenarioFailure(line_of(node), "expected udp, tcp, tls or https");
  return found->second;
}

proxy::UpstreamFailure failure_of(const YAML::Node& node) {
  const std::map<std::string, proxy::UpstreamFailure> known{
      {"unreachable", proxy::UpstreamFailure::unreachable},
      {"timed-out", proxy::UpstreamFailure::timed_out},
      {"untrusted", proxy::UpstreamFailure::untrusted},
      {"overloaded", proxy::UpstreamFailure::overloaded}};
  const auto found = known.find(node.as<std::string>());
  if (found == known.end()) throw ScenarioFailure(line_of(node), "unknown failure");
  return found->second;
}

bool flag_of(const YAML::Node& node, bool fallback) {
  return node ? node.as<bool>() : fallback;
}

class Player {
 public:
  explicit Player(ScenarioStage& stage) : stage_(stage) {}

  void run(const Scenario& scenario) {
    for (const ScenarioStep& step : scenario.steps) {
      const auto kind = kinds().find(step.kind);
      if (kind == kinds().end()) throw ScenarioFailure(step.line, "unknown step " + step.kind);
      line_ = step.line;
      (this->*kind->second)(step.body);
    }
    finish();
  }

 private:
  using Kinds = std::map<std::string, void (Player::*)(const YAML::Node&)>;
  static const Kinds& kinds() {
    static const Kinds table{
        {"query", &Player::query},
        {"answer", &Player::answer},
        {"no-answer", &Player::no_answer},
        {"upstream", &Player::upstream},
        {"upstream-asked", &Player::upstream_asked},
        {"upstream-silent", &Player::upstream_silent},
        {"upstream-fails", &Player::upstream_fails},
        {"upstream-down", &Player::upstream_down},
        {"elapse", &Player::elapse},
        {"reload", &Player::reload},
        {"relabel", &Player::relabel},
        {"metric", &Player::metric},
    };
    return table;
  }

  struct Asked {
    std::size_t number;
    std::string from;
    Octets message;
  };

  void query(const YAML::Node& body) {
    require_keys(body,
                 {"from", "ask", "over", "edns", "do", "cd", "payload", "times", "certificate"});
    const int times = body["times"] ? body["times"].as<int>() : 1;
    for (int i = 0; i < times; ++i)
      ask(body);
  }

  void ask(const YAML::Node& body) {
    QueryOptions options{.id = static_cast<std::uint16_t>(1000 + asked_count_),
                         .cd = flag_of(body["cd"], false)};
    if (flag_of(body["edns"], true)) {
      options.edns = dns::OptOut{.dnssec_ok = flag_of(body["do"], false)};
      if (body["payload"]) options.edns->payload_size = body["payload"].as<std::uint16_t>();
    }
    ScenarioQuery query{.from = body["from"].as<std::string>(), .over = {}, .message = {}};
    if (body["over"]) query.over = transport_of(body["over"]);
    if (body["certificate"]) {
      query.certificate = body["certificate"].as<std::string>();
      if (!query.over) query.over = proxy::Transport::tls;
    }
    query.message = make_query(body["ask"].as<std::string>(), options);
    stage_.ask(asked_count_, query);
    asked_.push_back({asked_count_++, query.from, query.message});
  }

  /// The oldest query that was not answered yet, of the client that the step names.
  Asked take_asked(const YAML::Node& body) {
    const auto to = body["to"];
    const auto found = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& one) {
      return !to || one.from == to.as<std::string>();
    });
    if (found == asked_.end()) throw ScenarioFailure(line_, "nobody waits for an answer");
    Asked asked = *found;
    asked_.erase(found);
    return asked;
  }

  void answer(const YAML::Node& body) {
    require_keys(body, {"to", "times", "rcode", "flags", "answer", "authority", "additional", "ede",
                        "ignore"});
    const int times = body["times"] ? body["times"].as<int>() : 1;
    for (int i = 0; i < times; ++i) {
      const Asked asked = take_asked(body);
      const auto message = stage_.take_answer(asked.number);
      if (!message) throw ScenarioFailure(line_, "no answer came");
      compare_answer(body, asked.message, *message, stage_.ttl_slack());
    }
    require_no_upstream_query();
  }

  void no_answer(const YAML::Node& body) {
    require_keys(body, {"to"});
    const Asked asked = take_asked(body);
    if (stage_.has_answer(asked.number)) throw ScenarioFailure(line_, "there is an answer");
  }

  Octets expect_upstream_query(const YAML::Node& body) {
    const auto query = stage_.upstream_query();
    if (!query) throw ScenarioFailure(line_, "the upstream was not asked");
    const MessageText text = read_message(*query);
    const bool has_do = text.edns.find(" do") != std::string::npos;
    const std::string asked =
        text.question + (has_do ? " do" : "") + (text.flags == "rd cd" ? " cd" : "");
    const std::string expected = body["ask"].as<std::string>() +
                                 (flag_of(body["do"], false) ? " do" : "") +
                                 (flag_of(body["cd"], false) ? " cd" : "");
    if (asked != expected) {
      throw ScenarioFailure(line_, "the upstream was asked " + asked + ", expected " + expected);
    }
    return *query;
  }

  void upstream(const YAML::Node& body) {
    require_keys(body, {"ask", "do", "cd", "reply"});
    const Octets query = expect_upstream_query(body);
    stage_.reply(make_response(query, response_of(body["reply"])));
  }

  void upstream_asked(const YAML::Node& body) {
    require_keys(body, {"ask", "do", "cd"});
    expect_upstream_query(body);
  }

  void upstream_silent(const YAML::Node& body) {
    require_keys(body, {"ask", "do", "cd"});
    expect_upstream_query(body);
    stage_.keep_silent();
  }

  void upstream_fails(const YAML::Node& body) {
    require_keys(body, {"ask", "do", "cd", "failure"});
    expect_upstream_query(body);
    stage_.fail(failure_of(body["failure"]));
  }

  void upstream_down(const YAML::Node& body) { stage_.set_down(body.as<bool>()); }

  void elapse(const YAML::Node& body) { stage_.elapse(duration_of(body)); }

  void reload(const YAML::Node& body) {
    require_keys(body, {"crds", "text", "problems"});
    const std::string text = body["text"] ? body["text"].as<std::string>() : "";
    const std::size_t problems = stage_.reload(text + manifests_of(body["crds"]));
    const std::size_t expected = body["problems"] ? body["problems"].as<std::size_t>() : 0;
    if (problems == expected) return;
    throw ScenarioFailure(line_, std::to_string(problems) + " problems were found, expected " +
                                     std::to_string(expected));
  }

  void relabel(const YAML::Node& body) { stage_.relabel(body.as<std::string>()); }

  void metric(const YAML::Node& body) {
    const auto wanted = *body["metric"].begin();
    const double value = metric_value(stage_.metrics(), wanted.first.as<std::string>(),
                                      wanted.second.as<std::map<std::string, std::string>>());
    const double expected = body["is"].as<double>();
    if (value == expected) return;
    throw ScenarioFailure(
        line_, "the metric is " + std::to_string(value) + ", expected " + std::to_string(expected));
  }

  void require_no_upstream_query() {
    if (!stage_.has_upstream_query()) return;
    const auto query = stage_.upstream_query();
    throw ScenarioFailure(line_, "the upstream was asked " + read_message(*query).question +
                                     ", which no step expects");
  }

  void finish() {
    require_no_upstream_query();
    if (asked_.empty()) return;
    throw ScenarioFailure(line_, "a query is left without an answer or no-answer step");
  }

  ScenarioStage& stage_;
  std::vector<Asked> asked_;  ///< without an answer
  std::size_t asked_count_ = 0;
  int line_ = 0;  ///< of the step that is being played
};

}  // namespace

void play(const Scenario& scenario, ScenarioStage& stage) {
  Player(stage).run(scenario);
}

}  // namespace sluice::tests
