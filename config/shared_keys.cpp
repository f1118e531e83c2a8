// SPDX-License-Identifier: Apache-2.0
#include "config/shared_keys.hpp"

namespace sluice::config {

const Keys<Log>& log_keys() {
  static const Choices<LogLevel> levels{{"debug", LogLevel::debug},
                                        {"info", LogLevel::info},
                                        {"warn", LogLevel::warn},
                                        {"error", LogLevel::error}};
  static const Choices<LogFormat> formats{{"json", LogFormat::json}, {"text", LogFormat::text}};
  static const Keys<Log> keys{
      {"level", value(&Log::level, choice(levels)), "The least severe messages that are written."},
      {"format", value(&Log::format, choice(formats)),
       "One JSON object a line, or text for people."},
  };
  return keys;
}

const Keys<ServerTls>& server_tls_keys() {
  static const Keys<ServerTls> keys{
      {"certificateFile", required(value(&ServerTls::certificate_file, file_path())),
       "PEM file with the certificate and the chain above it."},
      {"privateKeyFile", required(value(&ServerTls::private_key_file, file_path())),
       "PEM file with the private key."},
  };
  return keys;
}

const Keys<Admin>& admin_keys() {
  static const Keys<Admin> keys{
      {"address", value(&Admin::address, ip_address()),
       "Where metrics, health and the API are served. They are not authenticated: keep it on "
       "loopback or behind a NetworkPolicy."},
      {"port", port(&Admin::port, 0), "With `0` the kernel chooses a free port."},
  };
  return keys;
}

}  // namespace sluice::config
