// SPDX-License-Identifier: Apache-2.0
#include "proxy/stream.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/support/certificate.hpp"
#include "tests/unit/proxy/upstream_fixture.hpp"

using namespace sluice;
using namespace sluice::proxy;
using boost::asio::awaitable;
using boost::asio::ip::tcp;
using Octets = std::vector<std::uint8_t>;

namespace {

enum class Kind { plain, tls };

/// Two streams that are connected to each other.
struct Ends {
  tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca{directory.path()};
  boost::asio::io_context context{1};
  TlsResumption resumption;
  std::unique_ptr<Stream> client;
  std::unique_ptr<Stream> server;

  explicit Ends(Kind kind, const std::string& name = "dns.example") {
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    tcp::socket near(context);
    near.connect(acceptor.local_endpoint());
    tcp::socket far = acceptor.accept();
    if (kind == Kind::plain) {
      client = make_tcp_stream(std::move(near));
      server = make_tcp_stream(std::move(far));
      return;
    }
    const auto files = ca.issue({.names = {"dns.example"}});
    const auto client_tls = *TlsClientContext::load({"", ca.file()});
    client = make_tls_stream(std::move(near), client_tls.make_session(name, resumption));
    server = make_tls_stream(std::move(far), TlsServerContext::load(files)->make_session());
  }

  template <typename Result, typename Coroutine>
  void start(std::optional<Result>& result, Coroutine&& coroutine) {
    boost::asio::co_spawn(context, std::forward<Coroutine>(coroutine),
                          [&result](const std::exception_ptr& exception, Result value) {
                            if (exception) std::rethrow_exception(exception);
                            result = value;
                          });
  }
  bool shake_hands() {
    std::optional<IoStatus> here;
    std::optional<IoStatus> there;
    start(here, [this] { return handshake(*client); });
    start(there, [this] { return handshake(*server); });
    REQUIRE(run_until(context, [&] { return here && there; }));
    return here == IoStatus::done && there == IoStatus::done;
  }
};

awaitable<IoStatus> read_all(Stream& stream, Octets& into, std::size_t size) {
  Octets buffer(5000);
  while (into.size() < size) {
    const IoResult result = co_await read_some(stream, buffer);
    if (result.status != IoStatus::done) co_return result.status;
    into.insert(into.end(), buffer.begin(),
                buffer.begin() + static_cast<std::ptrdiff_t>(result.bytes));
  }
  co_return IoStatus::done;
}

}  // namespace

TEST_CASE("what goes in at one end comes out at the other, more than sockets hold",
          "[proxy][stream]") {
  Ends ends(GENERATE(Kind::plain, Kind::tls));
  REQUIRE(ends.shake_hands());
  Octets sent(8U << 20U);
  for (std::size_t i = 0; i < sent.size(); ++i)
    sent[i] = static_cast<std::uint8_t>(i * i >> 7);
  Octets received;
  std::optional<IoStatus> written;
  std::optional<IoStatus> read;
  ends.start(written, [&] { return write_all(*ends.client, sent); });
  REQUIRE_FALSE(
      run_until(ends.context, [&] { return written.has_value(); }, std::chrono::milliseconds(50)));
  ends.start(read, [&] { return read_all(*ends.server, received, sent.size()); });
  REQUIRE(run_until(ends.context, [&] { return written && read; }));
  CHECK(written == IoStatus::done);
  CHECK(read == IoStatus::done);
  CHECK(received == sent);
}

TEST_CASE("a reader is told when the other end closes", "[proxy][stream]") {
  Ends ends(GENERATE(Kind::plain, Kind::tls));
  REQUIRE(ends.shake_hands());
  Octets received;
  std::optional<IoStatus> read;
  ends.start(read, [&] { return read_all(*ends.server, received, 1); });
  REQUIRE_FALSE(
      run_until(ends.context, [&] { return read.has_value(); }, std::chrono::milliseconds(20)));
  ends.client->close();
  REQUIRE(run_until(ends.context, [&] { return read.has_value(); }));
  CHECK(read == IoStatus::closed);
}

TEST_CASE("a reader is told when its own end is closed", "[proxy][stream]") {
  Ends ends(GENERATE(Kind::plain, Kind::tls));
  REQUIRE(ends.shake_hands());
  Octets received;
  std::optional<IoStatus> read;
  ends.start(read, [&] { return read_all(*ends.server, received, 1); });
  REQUIRE_FALSE(
      run_until(ends.context, [&] { return read.has_value(); }, std::chrono::milliseconds(20)));
  ends.server->close();
  REQUIRE(run_until(ends.context, [&] { return read.has_value(); }));
  CHECK(read == IoStatus::closed);
  CHECK(ends.server->try_write(std::array<std::uint8_t, 1>{}).status == IoStatus::closed);
}

TEST_CASE("writing to an end that is gone is an error and no signal", "[proxy][stream]") {
  Ends ends(GENERATE(Kind::plain, Kind::tls));
  REQUIRE(ends.shake_hands());
  ends.client.reset();
  const Octets data(1U << 20U);
  std::optional<IoStatus> written;
  ends.start(written, [&] { return write_all(*ends.server, data); });
  REQUIRE(run_until(ends.context, [&] { return written.has_value(); }));
  CHECK(written == IoStatus::failed);
  CHECK_FALSE(ends.server->failure_text().empty());
}

TEST_CASE("a client says that a certificate does not verify, and why",
          "[proxy][stream][security]") {
  Ends ends(Kind::tls, "other.example");
  std::optional<IoStatus> here;
  std::optional<IoStatus> there;
  ends.start(here, [&] { return handshake(*ends.client); });
  ends.start(there, [&] { return handshake(*ends.server); });
  REQUIRE(run_until(ends.context, [&] { return here.has_value(); }));
  CHECK(here == IoStatus::untrusted);
  CHECK(ends.client->failure_text() == "hostname mismatch");
}

TEST_CASE("something that is not TLS fails the handshake", "[proxy][stream]") {
  Ends ends(Kind::tls);
  std::optional<IoStatus> there;
  std::optional<IoStatus> written;
  const Octets garbage(100, 'x');
  ends.server = make_tls_stream(
      [&] {
        tcp::acceptor acceptor(ends.context, {boost::asio::ip::address_v4::loopback(), 0});
        tcp::socket near(ends.context);
        near.connect(acceptor.local_endpoint());
        ends.client = make_tcp_stream(std::move(near));
        return acceptor.accept();
      }(),
      TlsServerContext::load(ends.ca.issue({.names = {"dns.example"}}))->make_session());
  ends.start(written, [&] { return write_all(*ends.client, garbage); });
  ends.start(there, [&] { return handshake(*ends.server); });
  REQUIRE(run_until(ends.context, [&] { return there && written; }));
  CHECK(there == IoStatus::failed);
  CHECK(ends.server->failure_text() == "wrong version number");
}
