// SPDX-License-Identifier: Apache-2.0
#include "proxy/own_pod.hpp"

#include <string>
#include <utility>

#include "kubernetes/downward_labels.hpp"
#include "kubernetes/in_cluster.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

constexpr const char* namespace_variable = "POD_NAMESPACE";

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::optional<std::string> read_namespace(const std::filesystem::path& file,
                                          config::Diagnostics& diagnostics) {
  std::optional<std::string> name;
  if (file.empty()) {
    name = kubernetes::environment_variable(namespace_variable);
    if (!name->empty()) return name;
    diagnostics.push_back(
        {.path = "identity.pod.namespaceFile",
         .message = std::string("is missing, and so is the environment variable ") +
                    namespace_variable + "; give one of them"});
    return std::nullopt;
  }
  name = read_manifest_file(file, diagnostics);
  if (!name) return std::nullopt;
  if (auto line = first_line(*name); !line.empty()) return line;
  diagnostics.push_back({.file = file.string(), .path = {}, .message = "names no namespace"});
  return std::nullopt;
}

}  // namespace

std::optional<filters::Workload> read_own_pod(const config::PodFiles& files,
                                              config::Diagnostics& diagnostics) {
  auto name = read_namespace(files.namespace_file, diagnostics);
  const auto text = read_manifest_file(files.labels_file, diagnostics);
  if (!text) return std::nullopt;
  auto labels = kubernetes::read_downward_labels(*text, files.labels_file.string(), diagnostics);
  if (!name || !labels) return std::nullopt;
  return filters::Workload{*std::move(name), *std::move(labels)};
}

OwnPodWatch::OwnPodWatch(boost::asio::io_context& control, config::PodFiles files,
                         filters::Workload known, Callback on_change)
    : files_(std::move(files)),
      known_(std::move(known)),
      on_change_(std::move(on_change)),
      watch_(control, std::filesystem::absolute(files_.labels_file).parent_path(),
             [this] { look(); }) {}

void OwnPodWatch::start() {
  if (!watch_.start())
    log::warn("directory of the pod's labels cannot be watched yet, trying again");
  look();  // they may have changed since they were read
}

void OwnPodWatch::look() {
  config::Diagnostics problems;
  auto now = read_own_pod(files_, problems);
  for (const auto& problem : problems)
    log::error("the pod's labels cannot be read, those before stay",
               {{"file", problem.file}, {"line", problem.line}, {"problem", problem.message}});
  if (!now || (now->namespace_name == known_.namespace_name && now->labels == known_.labels))
    return;
  known_ = *std::move(now);
  on_change_(known_);
  log::info("labels of the pod have changed", {{"labels", known_.labels.size()}});
}

}  // namespace sluice::proxy
