// SPDX-License-Identifier: Apache-2.0
// The stage without sockets: a PipelineWorld.
#include <algorithm>
#include <map>

#include "config/load.hpp"
#include "proxy/certificate_identity.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/pipeline_world.hpp"
#include "tests/support/scenario_stage.hpp"

namespace sluice::tests {
namespace {

config::Settings settings_of(const Scenario& scenario, const TemporaryDirectory& directory) {
  for (const auto& [name, text] : scenario.files)
    directory.write(name, text);
  config::Diagnostics diagnostics;
  auto settings = config::load_settings(settings_text(scenario, {}),
                                        directory.path() / "sluice.yaml", diagnostics);
  if (!settings) throw ScenarioFailure(0, config::to_text(diagnostics.front()));
  return std::move(*settings);
}

class InProcessStage final : public ScenarioStage {
 public:
  explicit InProcessStage(const Scenario& scenario)
      : certificates_(scenario.certificates),
        manifests_(scenario.manifests),
        settings_(settings_of(scenario, directory_)),
        world_({.manifests = manifests_, .settings = settings_}) {}

  void ask(std::size_t number, const ScenarioQuery& query) override {
    auto origin = PipelineWorld::origin(query.from, query.over.value_or(proxy::Transport::udp));
    origin.port = static_cast<std::uint16_t>(first_port + number);
    if (!query.certificate.empty()) origin.certificate = claim_of(query.certificate);
    if (auto answer = world_.send(query.message, origin)) answers_[number] = std::move(*answer);
  }

  std::optional<Octets> take_answer(std::size_t number) override {
    collect();
    const auto found = answers_.find(number);
    if (found == answers_.end()) return std::nullopt;
    Octets answer = std::move(found->second);
    answers_.erase(found);
    return answer;
  }

  bool has_answer(std::size_t number) override {
    collect();
    return answers_.contains(number);
  }

  std::optional<Octets> upstream_query() override {
    if (!has_upstream_query()) return std::nullopt;
    return world_.upstream().oldest();
  }
  bool has_upstream_query() override { return world_.upstream().has_pending(); }
  void reply(const Octets& response) override { world_.upstream().answer(response); }
  void keep_silent() override { world_.upstream().forget_oldest(); }
  void fail(proxy::UpstreamFailure failure) override { world_.upstream().fail(failure); }
  void set_down(bool down) override { world_.upstream().set_down(down); }

  void elapse(std::chrono::milliseconds time) override { world_.elapse(time); }
  std::size_t reload(const std::string& manifests) override {
    manifests_ = manifests;
    return world_.load(manifests_).size();
  }
  void relabel(const std::string& labels) override {
    directory_.write("labels", labels);
    world_.load(manifests_);
  }
  std::string metrics() override { return world_.metrics(); }
  [[nodiscard]] std::uint32_t ttl_slack() const override { return 0; }

 private:
  static constexpr std::size_t first_port = 10000;

  [[nodiscard]] filters::CertificateClaim claim_of(const std::string& name) const {
    const ScenarioCertificate& certificate = certificates_.at(name);
    return proxy::CertificateIdentity(settings_.identity.certificates.value())
        .claim_of(tls::SubjectNames{certificate.uris, certificate.dns_names});
  }

  void collect() {
    for (LateReply& reply : world_.replies())
      answers_[reply.origin.port - first_port] = std::move(reply.message);
    world_.replies().clear();
  }

  std::map<std::string, ScenarioCertificate> certificates_;
  TemporaryDirectory directory_;
  std::string manifests_;
  config::Settings settings_;
  PipelineWorld world_;
  std::map<std::size_t, Octets> answers_;
};

}  // namespace

std::unique_ptr<ScenarioStage> make_in_process_stage(const Scenario& scenario) {
  return std::make_unique<InProcessStage>(scenario);
}

}  // namespace sluice::tests
