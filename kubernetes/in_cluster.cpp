// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/in_cluster.hpp"

#include <cstdlib>

#include <boost/asio/ip/address.hpp>

#include "config/yaml.hpp"
#include "kubernetes/port.hpp"

namespace sluice::kubernetes {
namespace {

constexpr const char* host_variable = "KUBERNETES_SERVICE_HOST";
constexpr const char* port_variable = "KUBERNETES_SERVICE_PORT";

std::string found(const std::string& value) {
  return value.empty() ? "nothing" : '\'' + config::printable(value) + '\'';
}

void complain(config::Diagnostics& diagnostics, const std::string& where,
              const std::string& message) {
  diagnostics.push_back({where, 0, "", message});
}

void read_host(const std::string& value, ClusterAccess& access, config::Diagnostics& diagnostics) {
  boost::system::error_code error;
  boost::asio::ip::make_address(value, error);
  if (error)
    return complain(diagnostics, host_variable,
                    "expected the IP address of the API server, found " + found(value) +
                        "; the kubelet sets it in every pod (a name would need DNS, which Sluice "
                        "may be itself)");
  access.host = value;
}

void read_port(const std::string& value, ClusterAccess& access, config::Diagnostics& diagnostics) {
  const auto port = parse_port(value);
  if (!port)
    complain(diagnostics, port_variable,
             "expected a port between 1 and 65535, found " + found(value));
  access.port = port.value_or(0);
}

Material read_file(const std::filesystem::path& file, config::Diagnostics& diagnostics) {
  Material material{.file = file};
  const auto text = read_material(material);
  if (!text)
    complain(diagnostics, file.string(),
             "cannot be read; set automountServiceAccountToken: true in the pod's spec");
  return material;
}

}  // namespace

std::string environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): read at start
  return value == nullptr ? "" : value;
}

std::string own_namespace(const std::filesystem::path& directory) {
  const auto text = read_material({.file = directory / "namespace"});
  return text ? *text : "";
}

std::optional<ClusterAccess> find_in_cluster(const Environment& environment,
                                             const std::filesystem::path& directory,
                                             config::Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  ClusterAccess access;
  read_host(environment(host_variable), access, diagnostics);
  read_port(environment(port_variable), access, diagnostics);
  access.ca = read_file(directory / "ca.crt", diagnostics);
  access.token = read_file(directory / "token", diagnostics);
  if (diagnostics.size() > before) return std::nullopt;
  return access;
}

}  // namespace sluice::kubernetes
