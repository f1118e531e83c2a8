// SPDX-License-Identifier: Apache-2.0
// Source address and listener -> client. Immutable once built; lookups allocate nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "filters/address.hpp"
#include "filters/chain.hpp"
#include "filters/service_names.hpp"

namespace sluice::filters {

/// How a tenant's queries are served beyond what its chains say: a DNSTenant in the form that the
/// query path needs. Immutable.
struct TenantService {
  /// Names at and below a zone go to an upstream.
  struct Route {
    dns::Name zone;  ///< canonical
    std::uint16_t upstream;
  };

  std::uint16_t upstream = 0;  ///< number of the upstream for all names without a route
  std::vector<Route> routes;   ///< deepest zone first
  /// Tells tenants apart, those beyond the cap on metrics too.
  std::uint64_t tenant_hash = 0;
  std::uint64_t cache_scope = 0;  ///< clients with the same one share cached answers
  ClientSubnet client_subnet = ClientSubnet::strip;
  QueryLogging query_logging = QueryLogging::all;  ///< whatever filters ask for
  std::optional<RateLimit> rate_limit;
  std::shared_ptr<const ServiceNames> services;  ///< null: all services are visible

  /// The upstream that resolves a canonical name.
  [[nodiscard]] std::uint16_t upstream_for(dns::NameView name) const noexcept;
};

/// One source with the tenant behind it, as the query path needs it.
struct Client {
  std::string tenant;
  std::string namespace_name;
  std::shared_ptr<const Chain> chain;
  std::uint32_t tenant_number = 0;  ///< index of the tenant's counters
  std::shared_ptr<const TenantService> service = std::make_shared<const TenantService>();
};

/// Whom the certificate of a client names. The text is in place: each query that waits carries it.
class CertificateClaim {
 public:
  /// There is no certificate, or none that is to say who a client is.
  CertificateClaim() = default;
  /// A good certificate that names no namespace.
  static CertificateClaim nobody() { return CertificateClaim(std::string_view()); }
  /// Names too long for a namespace name nobody.
  static CertificateClaim of(std::string_view namespace_name) {
    return CertificateClaim(namespace_name.size() <= max_size ? namespace_name
                                                              : std::string_view());
  }

  [[nodiscard]] bool is_given() const noexcept { return is_given_; }
  /// Empty when it names nobody.
  [[nodiscard]] std::string_view namespace_name() const noexcept { return {text_.data(), size_}; }

 private:
  static constexpr std::size_t max_size = 63;  // RFC 1123: a namespace is a label
  explicit CertificateClaim(std::string_view name) noexcept
      : size_(static_cast<std::uint8_t>(name.size())), is_given_(true) {
    std::copy(name.begin(), name.end(), text_.begin());
  }

  std::array<char, max_size> text_{};
  std::uint8_t size_ = 0;
  bool is_given_ = false;
};

/// Why a certificate does not make its client known.
enum class CertificateProblem : std::uint8_t {
  no_namespace,       ///< it names none
  unknown_namespace,  ///< there is no such namespace
  conflict            ///< address or listener belong to another
};
inline constexpr std::size_t certificate_problem_count = 3;

/// Longest prefix first; a listener's own client only where no prefix matches. A lookup costs one
/// probe per prefix length in use; for a pod, whose address is a prefix of its own, that is one.
class ClientMap {
 public:
  /// Both refuse (false) what is taken already by another client: ambiguity is for the caller to
  /// report.
  bool add_prefix(const Prefix& prefix, std::shared_ptr<const Client> client);
  bool add_listener(std::uint16_t listener, std::shared_ptr<const Client> client);
  /// Whom a certificate of that namespace makes known.
  void add_namespace(const std::string& name, const std::shared_ptr<const Client>& client);
  /// Nobody is known there, whatever wider prefix contains it.
  void add_contested(const Address& address);
  /// Whom queries without identity are judged as; null (the default) means: refuse them.
  void set_unknown(std::shared_ptr<const Client> client);

  /// Null when nobody is known there and unknown clients are refused. Valid as long as the map.
  [[nodiscard]] const Client* find(const Address& address, std::uint16_t listener) const noexcept;

  /// Who is asking, and why the certificate was no help if it was none.
  struct Found {
    const Client* client = nullptr;  ///< as find() has it
    std::optional<CertificateProblem> problem = std::nullopt;
  };
  /// The same where a certificate may say who it is. Whom address or listener make known, the
  /// certificate must know as well: neither is believed against the other.
  [[nodiscard]] Found find(const Address& address, std::uint16_t listener,
                           const CertificateClaim& certificate) const noexcept;

 private:
  struct PrefixHash {
    std::size_t operator()(const Prefix& prefix) const noexcept;
  };
  /// Null when nobody is known there; the client in it is null for a contested address.
  [[nodiscard]] const std::shared_ptr<const Client>* find_known(
      const Address& address, std::uint16_t listener) const noexcept;
  [[nodiscard]] const std::shared_ptr<const Client>* find_prefix(
      const Address& address) const noexcept;

  std::unordered_map<Prefix, std::shared_ptr<const Client>, PrefixHash> prefixes_;
  std::vector<std::uint8_t> lengths_;  ///< that occur in prefixes_, longest first
  std::unordered_map<std::uint16_t, std::shared_ptr<const Client>> listeners_;
  std::map<std::string, std::shared_ptr<const Client>, std::less<>> namespaces_;
  std::shared_ptr<const Client> unknown_;
};

}  // namespace sluice::filters
