// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/kubeconfig.hpp"

#include <array>
#include <utility>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "config/report.hpp"
#include "config/yaml.hpp"
#include "kubernetes/base64.hpp"
#include "kubernetes/port.hpp"

namespace sluice::kubernetes {
namespace {

struct Refusal {
  const char* key;
  const char* message;
};

constexpr std::array cluster_refusals{
    Refusal{"proxy-url", "proxies are not supported; give a server that can be reached directly"},
};
constexpr std::array user_refusals{
    Refusal{"exec",
            "Sluice starts no programs for credentials; give a token, a tokenFile or a client "
            "certificate, such as those of a service account (kubectl create token)"},
    Refusal{"auth-provider",
            "auth providers are not supported, and Kubernetes dropped them; give a token, a "
            "tokenFile or a client certificate"},
    Refusal{"username", "API servers have no basic authentication any more; give a token"},
    Refusal{"password", "API servers have no basic authentication any more; give a token"},
    Refusal{"as", "impersonation is not supported; give the credentials of that user"},
};

/// A mapping of the file; everything that is asked of one that is missing is missing too. The
/// document outlives it.
class Section {
 public:
  Section(const config::Node& node, std::string path, config::Report& report)
      : node_(node), path_(std::move(path)), report_(report) {}

  [[nodiscard]] bool has(const std::string& key) const {
    return node_[key].is_defined() && !node_[key].is_null();
  }
  [[nodiscard]] std::string text(const std::string& key) const {
    if (!has(key)) return {};
    const config::Node& value = node_[key];
    if (value.is_scalar()) return value.text();
    complain(key, "expected a string, found " + config::describe(value));
    return {};
  }
  [[nodiscard]] Section part(const std::string& key) const {
    return {node_[key], config::join_path(path_, key), report_};
  }
  /// The `part` of the entry with this name in the list `key`.
  [[nodiscard]] Section named(const std::string& key, const std::string& name,
                              const std::string& part) const {
    const auto& entries = node_[key].items();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Section entry(entries[i], config::join_path(key, i), report_);
      if (entry.text("name") == name) return entry.part(part);
    }
    complain(key, "expected an entry with the name '" + config::printable(name) + "'");
    return {nothing, key, report_};
  }
  void complain(const std::string& key, const std::string& message) const {
    const config::Node& place = has(key) ? node_[key] : node_;
    report_.add_at(place.line(), config::join_path(path_, key), message);
  }
  template <typename Refusals>
  void refuse(const Refusals& refusals) const {
    for (const Refusal& refusal : refusals)
      if (has(refusal.key)) complain(refusal.key, refusal.message);
  }

 private:
  static inline const config::Node nothing;

  const config::Node& node_;
  std::string path_;
  config::Report& report_;
};

/// `KEY: path` or `KEY-data: base64`; the data goes first, as in kubectl.
Material read_pem(const Section& section, const std::string& key,
                  const std::filesystem::path& directory) {
  Material material;
  const std::string data_key = key + "-data";
  if (section.has(data_key)) {
    auto text = decode_base64(section.text(data_key));
    if (!text || text->empty()) section.complain(data_key, "expected PEM in base64");
    material.text = std::move(text).value_or("");
  } else if (section.has(key)) {
    material.file = directory / section.text(key);
  }
  return material;
}

void read_server(const Section& cluster, ClusterAccess& access) {
  const std::string server = cluster.text("server");
  const auto url = boost::urls::parse_uri(server);
  const auto port = url && url->has_port() ? parse_port(url->port()) : std::uint16_t{443};
  if (!url || !port || url->scheme() != "https" || url->host().empty() || url->has_userinfo() ||
      url->has_query()) {
    return cluster.complain(
        "server", "expected https://HOST:PORT, found '" + config::printable(server) + "'");
  }
  access.host = url->host_address();
  access.port = *port;
  access.base_path = url->encoded_path();
  while (access.base_path.ends_with('/'))
    access.base_path.pop_back();
}

void read_cluster(const Section& cluster, const std::filesystem::path& directory,
                  ClusterAccess& access) {
  cluster.refuse(cluster_refusals);
  read_server(cluster, access);
  access.server_name = cluster.text("tls-server-name");
  access.ca = read_pem(cluster, "certificate-authority", directory);
  if (cluster.text("insecure-skip-tls-verify") == "true")
    cluster.complain("insecure-skip-tls-verify",
                     "verification cannot be turned off; give certificate-authority, and "
                     "tls-server-name if the certificate has another name than the server");
}

void read_user(const Section& user, const std::filesystem::path& directory, ClusterAccess& access) {
  user.refuse(user_refusals);
  access.client_certificate = read_pem(user, "client-certificate", directory);
  access.client_key = read_pem(user, "client-key", directory);
  if (access.client_certificate.is_given() != access.client_key.is_given())
    user.complain("client-certificate", "expected client-certificate and client-key together");
  access.token.text = user.text("token");
  if (user.has("tokenFile")) access.token.file = directory / user.text("tokenFile");
}

}  // namespace

std::optional<ClusterAccess> parse_kubeconfig(const std::string& text,
                                              const std::filesystem::path& file,
                                              const std::string& context,
                                              config::Diagnostics& diagnostics) {
  config::Report report(file.string(), diagnostics);
  const auto documents = config::parse_yaml(text, file.string(), diagnostics);
  if (!report.is_clean()) return std::nullopt;
  const config::Node document = documents.empty() ? config::Node() : documents.front();
  const Section top(document, "", report);
  const std::string wanted = context.empty() ? top.text("current-context") : context;
  if (wanted.empty()) {
    top.complain("current-context", "expected the name of a context");
    return std::nullopt;
  }
  const Section joined = top.named("contexts", wanted, "context");
  if (!report.is_clean()) return std::nullopt;
  const std::filesystem::path directory = file.parent_path();
  ClusterAccess access;
  read_cluster(top.named("clusters", joined.text("cluster"), "cluster"), directory, access);
  read_user(top.named("users", joined.text("user"), "user"), directory, access);
  if (!report.is_clean()) return std::nullopt;
  return access;
}

std::optional<ClusterAccess> read_kubeconfig(const std::filesystem::path& file,
                                             const std::string& context,
                                             config::Diagnostics& diagnostics) {
  const auto text = read_material({.file = file});
  if (text) return parse_kubeconfig(*text, file, context, diagnostics);
  diagnostics.push_back({file.string(), 0, "", text.error().text});
  return std::nullopt;
}

}  // namespace sluice::kubernetes
