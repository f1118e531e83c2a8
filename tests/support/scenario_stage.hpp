// SPDX-License-Identifier: Apache-2.0
// Where a scenario is played: in this process with a clock that obeys, or with the real program on
// loopback.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "proxy/origin.hpp"
#include "proxy/upstream.hpp"
#include "tests/support/scenario.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::tests {

struct ScenarioQuery {
  std::string from;
  std::optional<proxy::Transport> over;  ///< nothing: what the stage is for
  std::string certificate = {};          ///< which one of the scenario's it shows; empty: none
  Octets message;
};

class ScenarioStage {
 public:
  virtual ~ScenarioStage() = default;

  /// Queries are numbered by the caller, from 0 on without gaps.
  virtual void ask(std::size_t number, const ScenarioQuery& query) = 0;
  /// Nothing when none comes.
  virtual std::optional<Octets> take_answer(std::size_t number) = 0;
  /// Whether there is an answer that was not taken.
  virtual bool has_answer(std::size_t number) = 0;

  /// The oldest query that an upstream got and that was not dealt with; nothing when none comes.
  virtual std::optional<Octets> upstream_query() = 0;
  /// Whether there is one already.
  virtual bool has_upstream_query() = 0;
  /// These deal with it. Only in this process an upstream can fail by command.
  virtual void reply(const Octets& response) = 0;
  virtual void keep_silent() = 0;
  virtual void fail(proxy::UpstreamFailure failure) = 0;
  virtual void set_down(bool down) = 0;

  virtual void elapse(std::chrono::milliseconds time) = 0;
  /// Puts manifests in the place of those before. Returns how many problems were found.
  virtual std::size_t reload(const std::string& manifests) = 0;
  /// The file with the labels of `identity.pod` gets another text.
  virtual void relabel(const std::string& labels) = 0;
  /// The metrics page.
  virtual std::string metrics() = 0;
  /// By how many seconds a TTL may be lower than expected.
  [[nodiscard]] virtual std::uint32_t ttl_slack() const = 0;
};

std::unique_ptr<ScenarioStage> make_in_process_stage(const Scenario& scenario);
/// `program` is sluice.
std::unique_ptr<ScenarioStage> make_network_stage(const Scenario& scenario,
                                                  proxy::Transport transport,
                                                  const std::filesystem::path& program);

/// What only the stage knows of sluice.yaml.
struct StageSettings {
  std::string certificate_file = "certificate.pem";
  std::string private_key_file = "key.pem";
  std::string ca_file = "ca.pem";  ///< of the upstream, and of clients with certificates
  std::string policy_directory = "policies";
  std::uint16_t upstream_port = 853;
};
/// The whole of sluice.yaml for a scenario.
std::string settings_text(const Scenario& scenario, const StageSettings& stage);

}  // namespace sluice::tests
