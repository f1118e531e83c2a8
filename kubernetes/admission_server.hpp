// SPDX-License-Identifier: Apache-2.0
// The HTTPS server that the API server asks before it stores an object of ours: POST /validate with
// an AdmissionReview. It never asks the API server anything itself, so that an answer takes
// milliseconds, and is never waited for in a circle.
//
//   AdmissionServer server(context.get_executor(),
//                          {.address = "0.0.0.0", .port = 9443,
//                           .certificate = certificate_files("tls.crt", "tls.key")},
//                          {.sources = [&] { return snapshot; }, .on_problem = log_it});
//   const auto problem = server.start();
//
// Any client that reaches the port may ask: what it learns is whether its own object would do.
// All that clients can make the server hold is bounded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "crds/manifest.hpp"
#include "kubernetes/admission_metrics.hpp"
#include "kubernetes/serving_certificate.hpp"

namespace sluice::kubernetes {

struct AdmissionSettings {
  std::string address;        ///< an IP address
  std::uint16_t port = 9443;  ///< 0: the kernel's choice
  CertificateSource certificate;
};

struct AdmissionLimits {
  std::size_t connections = 64;  ///< more are closed as soon as they are accepted
  std::chrono::milliseconds handshake{10'000};
  /// From the first octet of a request to the last of its answer, unless the API server wants it
  /// sooner (`?timeout=`).
  std::chrono::milliseconds request{10'000};
  /// Between requests. An API server ends its own after 90 s, and should be the first to.
  std::chrono::milliseconds idle{120'000};
  std::uint32_t header_size = 8192;  ///< octets; 431 beyond
  /// Octets; 413 beyond. A review has the object twice, each as large as etcd takes it, as JSON.
  std::uint64_t body_size = 16U << 20;
  std::uint64_t all_bodies_size = 64U << 20;  ///< of all requests being read; 503 beyond
  std::chrono::milliseconds refresh{
      10'000};  ///< how often certificate and objects are looked at anew
};

/// Everything that there is. Never changed: another state of the cluster is another snapshot.
using Snapshot = std::shared_ptr<const crds::Sources>;

struct AdmissionCallbacks {
  /// The newest snapshot, the same pointer for as long as nothing has changed. Null while not all
  /// kinds were seen: requests are answered with 503 then, since half of the objects would make for
  /// wrong answers.
  std::function<Snapshot()> sources;
  /// What somebody should hear of: a certificate that cannot be used, an error of our own.
  std::function<void(const std::string& problem)> on_problem;
};

/// All of it on the thread that runs the executor, or while nobody does.
class AdmissionServer {
 public:
  AdmissionServer(const boost::asio::any_io_executor& executor, AdmissionSettings settings,
                  AdmissionCallbacks callbacks, AdmissionLimits limits = {});
  /// Stops.
  ~AdmissionServer();
  AdmissionServer(const AdmissionServer&) = delete;
  AdmissionServer& operator=(const AdmissionServer&) = delete;

  /// Binds and begins to accept. What is wrong with the address, in one line, or nothing. A
  /// certificate that is missing yet is waited for.
  [[nodiscard]] std::optional<std::string> start();
  /// Looks at certificate and objects now, rather than at the next of many looks.
  void refresh();
  /// Ends all connections and calls nobody any more.
  void stop();
  /// Where it listens, once started.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] AdmissionMetrics metrics() const;

 private:
  class State;
  std::shared_ptr<State> state_;  ///< shared with the coroutines, which may outlive the server
};

}  // namespace sluice::kubernetes
