// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/admission_server.hpp"

#include <mutex>
#include <string_view>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/certificate.hpp"
#include "tests/support/eventually.hpp"
#include "tests/unit/kubernetes/admission_world.hpp"

namespace sluice::kubernetes {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

/// Files that a server reads, and whoever replaces them.
struct Files {
  Files() { renew(); }
  void renew() {
    const auto made = ca.issue({.names = {"127.0.0.1"}});
    copy(made.certificate_file, directory.path() / "tls.crt");
    copy(made.private_key_file, directory.path() / "tls.key");
  }
  /// In one step, as the kubelet does.
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto half = to.string() + ".new";
    std::filesystem::copy_file(from, half, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::rename(half, to);
  }

  tests::TemporaryDirectory directory;
  tests::CertificateAuthority ca{directory.path() / "ca"};
};

/// A server on a thread of its own.
class Running {
 public:
  explicit Running(Files& files, AdmissionLimits limits = {})
      : server_(context_.get_executor(),
                {.address = "127.0.0.1",
                 .port = 0,
                 .certificate = certificate_files(files.directory.path() / "tls.crt",
                                                  files.directory.path() / "tls.key")},
                {.sources = [this] { return snapshot(); },
                 .on_problem =
                     [this](const std::string& problem) {
                       const std::lock_guard lock(mutex_);
                       problems_ += problem + '\n';
                     }},
                limits) {
    use(std::make_shared<crds::Sources>(tests::narrow_tenant()));
    const auto problem = server_.start();
    if (problem) FAIL(*problem);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Running() {
    context_.stop();
    thread_.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] AdmissionMetrics metrics() {
    return asio::post(context_, asio::use_future([this] { return server_.metrics(); })).get();
  }
  void stop() {
    asio::post(context_, asio::use_future([this] { server_.stop(); })).get();
  }
  void use(Snapshot snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }
  std::string problems() {
    const std::lock_guard lock(mutex_);
    return problems_;
  }

 private:
  Snapshot snapshot() {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }

  std::mutex mutex_;
  Snapshot snapshot_;
  std::string problems_;
  asio::io_context context_{1};
  AdmissionServer server_;
  std::thread thread_;
};

class Client {
 public:
  Client(const Files& files, std::uint16_t port, int max_tls = TLS1_3_VERSION) {
    tls_.load_verify_file(files.ca.file().string());
    tls_.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_max_proto_version(tls_.native_handle(), max_tls);
    // Old versions need what OpenSSL calls level 0: it is the server that shall refuse them.
    SSL_CTX_set_security_level(tls_.native_handle(), 0);
    stream_.emplace(context_, tls_);
    stream_->lowest_layer().connect({asio::ip::address_v4::loopback(), port});
  }
  /// False when the server refuses.
  bool shake_hands() {
    boost::system::error_code error;
    stream_->handshake(asio::ssl::stream_base::client, error);
    return !error;
  }
  void send(std::string_view text) {
    boost::system::error_code ignored;
    asio::write(*stream_, asio::buffer(text), ignored);
  }
  /// Everything until the server closes.
  std::string read_all() {
    std::string text = std::move(read_);
    boost::system::error_code error;
    asio::read(*stream_, asio::dynamic_buffer(text), error);
    return text;
  }
  std::string read_until(std::string_view end) {
    boost::system::error_code error;
    const auto size = asio::read_until(*stream_, asio::dynamic_buffer(read_), end, error);
    std::string text = read_.substr(0, size);
    read_.erase(0, size);
    return text;
  }
  tcp::socket& socket() { return stream_->next_layer(); }
  /// Of the certificate that the server has shown.
  std::string serial() {
    const X509* certificate = SSL_get0_peer_certificate(stream_->native_handle());
    const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
    return {reinterpret_cast<const char*>(serial->data), static_cast<std::size_t>(serial->length)};
  }

 private:
  asio::io_context context_;
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  std::optional<asio::ssl::stream<tcp::socket>> stream_;
  std::string read_;
};

std::string post(const std::string& body, const std::string& target = "/validate?timeout=5s",
                 const std::string& connection = "close") {
  return "POST " + target + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n" +
         "Connection: " + connection + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string ask(const Files& files, const Running& server, const std::string& request) {
  Client client(files, server.port());
  if (!client.shake_hands()) return "no handshake";
  client.send(request);
  return client.read_all();
}

const std::string denied =
    tests::review_of(tests::filter_object(tests::rule_spec("Allow", R"("a.example")")));
const std::string allowed =
    tests::review_of(tests::filter_object(tests::rule_spec("Deny", R"("a.example")")));

struct Case {
  std::string name;
  std::string request;
  std::string first_line;
};

}  // namespace

TEST_CASE("a review is answered", "[kubernetes][webhook]") {
  Files files;
  Running server(files);
  const auto answer = ask(files, server, post(denied));
  CHECK_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(answer, ContainsSubstring("Content-Type: application/json\r\n"));
  CHECK_THAT(answer, ContainsSubstring(R"("allowed":false)"));
  CHECK_THAT(answer, ContainsSubstring("Allow is not delegated to tenant 'acme'"));
  CHECK_THAT(ask(files, server, post(allowed)), ContainsSubstring(R"("allowed":true)"));
}

TEST_CASE("what is no review gets a status that says so", "[kubernetes][webhook]") {
  Files files;
  const Running server(files, {.header_size = 512, .body_size = 4096, .all_bodies_size = 4096});
  const std::string oversized = "POST /validate HTTP/1.1\r\nContent-Length: 4097\r\n\r\n";
  const std::string endless =
      "POST /validate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1001\r\n";
  const std::vector<Case> cases = {
      {"another path", post(denied, "/mutate"), "HTTP/1.1 404 Not Found\r\n"},
      {"a path below", post(denied, "/validate/x"), "HTTP/1.1 404 Not Found\r\n"},
      {"another method", "GET /validate HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n"},
      {"no JSON", post("hello"), "HTTP/1.1 400 Bad Request\r\n"},
      {"an empty body", post(""), "HTTP/1.1 400 Bad Request\r\n"},
      {"garbage", "\x16\x03\x01\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"},
      {"a body that is too large", oversized, "HTTP/1.1 413 Payload Too Large\r\n"},
      {"a chunked one", endless + std::string(4097, ' '), "HTTP/1.1 413 Payload Too Large\r\n"},
      {"a header that is too large", "POST /validate HTTP/1.1\r\nX: " + std::string(600, 'x'),
       "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
      {"a timeout that makes no sense", post(allowed, "/validate?timeout=soon"),
       "HTTP/1.1 200 OK\r\n"},
      {"no timeout", post(allowed, "/validate"), "HTTP/1.1 200 OK\r\n"},
  };
  for (const Case& test : cases) {
    INFO(test.name);
    CHECK_THAT(ask(files, server, test.request), StartsWith(test.first_line));
  }
}

TEST_CASE("a connection serves several requests", "[kubernetes][webhook]") {
  Files files;
  const Running server(files);
  Client client(files, server.port());
  REQUIRE(client.shake_hands());
  for (int i = 0; i < 3; ++i) {
    client.send(post(allowed, "/validate", "keep-alive"));
    CHECK_THAT(client.read_until("}}}"), ContainsSubstring(R"("allowed":true)"));
  }
  client.send(post("hello", "/validate", "keep-alive"));
  CHECK_THAT(client.read_all(), EndsWith("no AdmissionReview of admission.k8s.io/v1\n"));
}

TEST_CASE("bodies share what memory they may have", "[kubernetes][webhook]") {
  Files files;
  const Running server(files, {.body_size = 1000, .all_bodies_size = 1500});
  Client first(files, server.port());
  REQUIRE(first.shake_hands());
  const std::string body = allowed + std::string(1000 - allowed.size(), ' ');
  const std::string request = post(body);
  first.send("POST /validate HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
  const auto second = [&] { return ask(files, server, request); };
  CHECK(tests::eventually(5s, [&] { return second().starts_with("HTTP/1.1 503 "); }));
  first.send(body);
  CHECK_THAT(first.read_until("}}}"), StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(second(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("whoever is too slow is cut off", "[kubernetes][webhook]") {
  Files files;
  const auto quick = 20ms;
  SECTION("before the handshake") {
    const Running server(files, {.handshake = quick});
    Client client(files, server.port());
    std::string text;
    boost::system::error_code error;
    asio::read(client.socket(), asio::dynamic_buffer(text), error);
    CHECK(text.empty());
    CHECK(error);
  }
  SECTION("between requests") {
    const Running server(files, {.idle = quick});
    CHECK(ask(files, server, "").empty());
  }
  SECTION("in a header") {
    const Running server(files, {.request = quick});
    CHECK(ask(files, server, "POST /vali").empty());
  }
  SECTION("in a body") {
    const Running server(files, {.request = quick});
    CHECK(ask(files, server, post(allowed).substr(0, 200)).empty());
  }
  SECTION("by what the API server waits for") {
    const Running server(files);
    CHECK(ask(files, server, post(allowed, "/validate?timeout=20ms").substr(0, 200)).empty());
  }
}

TEST_CASE("connections beyond the limit are closed", "[kubernetes][webhook]") {
  Files files;
  const Running server(files, {.connections = 1});
  {
    Client first(files, server.port());
    REQUIRE(first.shake_hands());
    Client second(files, server.port());
    CHECK_FALSE(second.shake_hands());
    first.send(post(allowed));
    CHECK_THAT(first.read_all(), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  CHECK(tests::eventually(
      5s, [&] { return ask(files, server, post(allowed)).starts_with("HTTP/1.1 200 "); }));
}

TEST_CASE("TLS before 1.2 is refused", "[kubernetes][webhook]") {
  Files files;
  const Running server(files);
  CHECK_FALSE(Client(files, server.port(), TLS1_1_VERSION).shake_hands());
  CHECK(Client(files, server.port(), TLS1_2_VERSION).shake_hands());
}

TEST_CASE("a renewed certificate is shown to those who come", "[kubernetes][webhook]") {
  Files files;
  Running server(files, {.refresh = 5ms});
  Client kept(files, server.port());
  REQUIRE(kept.shake_hands());
  const std::string before = kept.serial();
  const auto shown = [&] {
    Client client(files, server.port());
    return client.shake_hands() ? client.serial() : "";
  };
  CHECK(shown() == before);

  files.directory.write("tls.crt", "half of it");
  CHECK(tests::eventually(5s, [&] { return !server.problems().empty(); }));
  CHECK_THAT(server.problems(), ContainsSubstring("tls.crt: holds no certificate"));
  CHECK(shown() == before);

  files.renew();
  CHECK(tests::eventually(5s, [&] { return shown() != before; }));
  kept.send(post(allowed));
  CHECK_THAT(kept.read_all(), StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK(server.metrics().certificate_not_after > std::chrono::system_clock::now());
}

TEST_CASE("a certificate may come after the server", "[kubernetes][webhook]") {
  Files files;
  std::filesystem::remove(files.directory.path() / "tls.crt");
  Running server(files, {.refresh = 5ms});
  CHECK(ask(files, server, post(allowed)) == "no handshake");
  CHECK_THAT(server.problems(), ContainsSubstring("tls.crt: cannot be read"));
  files.renew();
  CHECK(tests::eventually(
      5s, [&] { return ask(files, server, post(allowed)).starts_with("HTTP/1.1 200 "); }));
}

TEST_CASE("reviews are of the newest snapshot, and none is made without one",
          "[kubernetes][webhook]") {
  Files files;
  Running server(files);
  CHECK_THAT(ask(files, server, post(denied)), ContainsSubstring(R"("allowed":false)"));
  server.use(std::make_shared<crds::Sources>());
  CHECK_THAT(ask(files, server, post(denied)), ContainsSubstring(R"("allowed":true)"));
  server.use(nullptr);
  CHECK_THAT(ask(files, server, post(denied)), StartsWith("HTTP/1.1 503 "));
}

TEST_CASE("requests are counted", "[kubernetes][webhook]") {
  Files files;
  Running server(files);
  for (const auto& body : {denied, allowed, allowed, std::string("hello")})
    (void)ask(files, server, post(body));
  const auto metrics = server.metrics();
  using Requests = std::map<AdmissionLabels, std::uint64_t>;
  CHECK(metrics.requests == Requests{{{"DNSFilter", "CREATE", false, "ActionNotDelegated"}, 1},
                                     {{"DNSFilter", "CREATE", true, ""}, 2},
                                     {{"other", "other", false, "BadRequest"}, 1}});
  std::uint64_t observed = 0;
  for (const auto count : metrics.durations.buckets)
    observed += count;
  CHECK(observed == 4);
  CHECK(metrics.durations.sum > 0ns);
}

TEST_CASE("a duration is in the bucket of its bound", "[kubernetes][webhook]") {
  AdmissionDurations durations;
  for (const auto duration : {0ns, 250'000ns, 250'001ns, 8'192'000'000ns, 8'192'000'001ns})
    durations.observe(duration);
  CHECK(durations.buckets[0] == 2);
  CHECK(durations.buckets[1] == 1);
  CHECK(durations.buckets[15] == 1);
  CHECK(durations.buckets[16] == 1);
}

TEST_CASE("a server that stops ends its connections", "[kubernetes][webhook]") {
  Files files;
  Running server(files);
  Client client(files, server.port());
  REQUIRE(client.shake_hands());
  server.stop();
  CHECK(client.read_all().empty());
}

TEST_CASE("an address that cannot be had is reported", "[kubernetes][webhook]") {
  asio::io_context context;
  tcp::acceptor other(context, {asio::ip::address_v4::loopback(), 0});
  const auto taken = std::to_string(other.local_endpoint().port());
  const auto problem_of = [&](const std::string& address) {
    AdmissionServer server(context.get_executor(),
                           {.address = address,
                            .port = other.local_endpoint().port(),
                            .certificate = certificate_files("none", "none")},
                           {.sources = [] { return nullptr; }, .on_problem = [](const auto&) {}});
    return server.start().value_or("none");
  };
  CHECK(problem_of("127.0.0.1") ==
        "webhook: cannot listen on 127.0.0.1 port " + taken + ": Address already in use");
  CHECK_THAT(problem_of("localhost"),
             StartsWith("webhook: cannot listen on localhost port " + taken + ": "));
}

}  // namespace sluice::kubernetes
