// SPDX-License-Identifier: Apache-2.0
#include "proxy/listener_certificates.hpp"

#include <utility>

#include "proxy/log.hpp"
#include "tls/certificate.hpp"

namespace sluice::proxy {
namespace {

std::vector<std::optional<std::string>> read_files(const config::ServerTls& files) {
  return {tls::read_pem_file(files.certificate_file), tls::read_pem_file(files.private_key_file),
          files.client_ca_file.empty() ? std::nullopt : tls::read_pem_file(files.client_ca_file)};
}

}  // namespace

ListenerCertificates::ListenerCertificates(boost::asio::io_context& control,
                                           const std::vector<config::Listener>& listeners,
                                           ProcessStatus& status)
    : listeners_(listeners), status_(status), timer_(control) {}

TlsResult<TlsServerContext> ListenerCertificates::load(std::uint16_t listener) {
  return use(listener, read_files(listeners_[listener].tls));
}

void ListenerCertificates::watch(Publish publish) {
  publish_ = std::move(publish);
  wait();
}

void ListenerCertificates::refresh(const Publish& publish) {
  for (const auto& [number, contents] : seen_) {
    const config::Listener& listener = listeners_[number];
    auto now = read_files(listener.tls);
    if (now == contents) continue;
    const auto context = use(number, std::move(now));
    if (context) {
      publish(number, *context);
      log::info("certificate in use", {{"listener", listener.name}});
    } else {
      log::error("certificate cannot be used, the one before stays",
                 {{"listener", listener.name}, {"problem", context.error().text}});
    }
  }
}

/// What is loaded may be newer than what was compared: then it is loaded once more the next time.
TlsResult<TlsServerContext> ListenerCertificates::use(std::uint16_t listener, Contents contents) {
  const config::Listener& settings = listeners_[listener];
  auto context = TlsServerContext::load(
      settings.tls,
      settings.protocol == config::ListenerProtocol::https ? Application::http2 : Application::dot);
  seen_.insert_or_assign(listener, std::move(contents));
  if (context) status_.certificate_loaded(settings.name, context->not_after());
  return context;
}

void ListenerCertificates::wait() {
  timer_.expires_after(interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    refresh(publish_);
    wait();
  });
}

}  // namespace sluice::proxy
