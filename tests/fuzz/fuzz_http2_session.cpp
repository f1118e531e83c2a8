// SPDX-License-Identifier: Apache-2.0
// What a client sends behind the preface of HTTP/2, cut into pieces as the first octet says.
// Nothing may crash, a session that is over stays so, and no more is held than the bounds say.
#include <algorithm>
#include <span>
#include <string_view>

#include "proxy/http2_session.hpp"
#include "tests/fuzz/invariant.hpp"

using namespace sluice;

namespace {

constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

class Server {
 public:
  void receive(std::span<const std::uint8_t> octets) {
    session_.receive(octets);
    tests::require(session_.held() <= proxy::Http2Session::max_held);
    while (auto asked = session_.take_request())
      take(asked->stream, asked->request);
    std::vector<std::uint8_t> output;
    session_.take_output(output);
  }
  [[nodiscard]] bool is_finished() const { return session_.is_finished(); }

 private:
  /// Every second request waits for ever.
  void take(std::int32_t stream, proxy::HttpRequest& request) {
    ++requests_;
    const auto query = proxy::query_of(request, "/dns-query");
    tests::require(query.message.size() <= proxy::max_http_body_size);
    if (query.error) {
      session_.refuse(stream, *query.error);
      ++answered_;
    } else if (requests_ % 2 == 0) {
      session_.respond(stream, query.message);
      ++answered_;
    }
  }

  std::size_t requests_ = 0;
  std::size_t answered_ = 0;
  proxy::Http2Session session_{[](proxy::HttpError) {}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = data[0] + 1U;
  std::span<const std::uint8_t> octets(data + 1, size - 1);
  Server server;
  server.receive({reinterpret_cast<const std::uint8_t*>(preface.data()), preface.size()});
  while (!octets.empty() && !server.is_finished()) {
    const auto part = octets.first(std::min(piece, octets.size()));
    server.receive(part);
    octets = octets.subspan(part.size());
  }
  return 0;
}
