// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_reload.hpp"

#include "proxy/log.hpp"
#include "proxy/policy_directory.hpp"

namespace sluice::proxy {

PolicyReload::PolicyReload(const config::Settings& settings, StaticIdentities identities,
                           const Parts& parts, std::uint64_t hash_seed)
    : directory_(settings.policy_directory),
      identities_(std::move(identities)),
      parts_(parts),
      hash_seed_(hash_seed) {}

std::shared_ptr<const filters::ClientMap> PolicyReload::load(config::Diagnostics& diagnostics) {
  const auto files = read_policy_directory(directory_, diagnostics);
  if (!diagnostics.empty()) {
    parts_.status.policy_failed();
    return nullptr;
  }
  auto result = loader_.load(files);
  diagnostics = std::move(result.diagnostics);
  parts_.tenants.begin_generation();
  parts_.decisions.begin_generation();
  filters::Compiler compiler(std::move(result.policies), {identities_.zones(), hash_seed_},
                             parts_.decisions);
  auto clients = identities_.resolve(compiler, parts_.tenants);
  loaded_ = PolicyLoad{.generation = ++generation_,
                       .objects = result.object_count,
                       .invalid_objects = result.invalid_count,
                       .time = std::chrono::system_clock::now()};
  return clients;
}

void PolicyReload::commit() {
  parts_.tenants.commit_generation();
  parts_.decisions.commit_generation();
  if (!loaded_) return;  // told together with the one before
  parts_.status.policy_loaded(*loaded_);
  log::info("policies in force", {{"generation", loaded_->generation},
                                  {"objects", loaded_->objects},
                                  {"invalidObjects", loaded_->invalid_objects}});
  loaded_.reset();
}

}  // namespace sluice::proxy
