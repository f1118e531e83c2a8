// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_store.hpp"

#include <fstream>
#include <mutex>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "proxy/log.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/http_server.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using tests::HttpReply;
using tests::HttpRequest;
using tests::HttpServer;

filters::DomainList inline_list(const std::string& name, const std::string& entry) {
  filters::DomainList list;
  list.key.name = name;
  list.entries = {dns::Name::from_text(entry).value()};
  return list;
}

filters::DomainList file_list(const std::string& name, const std::string& path) {
  filters::DomainList list;
  list.key.name = name;
  list.source = filters::DomainList::Source{};
  list.source->path = path;
  return list;
}

filters::DomainList url_list(const std::string& name, const std::string& url) {
  filters::DomainList list;
  list.key.name = name;
  list.source = filters::DomainList::Source{};
  list.source->url = url;
  return list;
}

/// What a server offers, changed by the test while the server runs.
class Offer {
 public:
  void set(HttpReply reply) {
    const std::lock_guard lock(mutex_);
    reply_ = std::move(reply);
  }
  HttpReply answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    last_ = request;
    const auto known = request.headers.find("if-none-match");
    const auto etag = reply_.headers.find("ETag");
    const bool is_known = known != request.headers.end() && etag != reply_.headers.end() &&
                          known->second == etag->second;
    return is_known ? HttpReply{.status = 304} : reply_;
  }
  HttpRequest last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  std::mutex mutex_;
  HttpReply reply_;
  HttpRequest last_;
};

struct Fixture {
  log::Capture capture;
  tests::TemporaryDirectory temporary;
  fs::path directory = temporary.path() / "lists";
  boost::asio::io_context context;
  ProcessStatus status{"1.2.3"};
  int changes = 0;
  ListStore::Options options;
  std::unique_ptr<ListStore> store;
  filters::Shared<filters::DomainList> wanted;
  config::Diagnostics diagnostics;
  Offer offer;
  HttpServer server{[this](const HttpRequest& request) { return offer.answer(request); }};

  Fixture() {
    fs::create_directory(directory);
    options.settings.directory = directory;
    options.settings.cache_directory = temporary.path() / "cache";
    options.hash_seed = 4711;
    options.poll_interval = 5ms;
    options.first_retry = 5ms;
    restart();
  }
  ~Fixture() { store.reset(); }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  void restart() {
    store.reset();
    store = std::make_unique<ListStore>(context, options, status, [this] { ++changes; });
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(temporary.path() / "new") << text;
    fs::rename(temporary.path() / "new", directory / name);
  }
  void want(std::vector<filters::DomainList> lists) {
    wanted = filters::Shared<filters::DomainList>(std::move(lists));
    diagnostics.clear();
    store->update(wanted, diagnostics);
  }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server.port()) + "/list";
  }
  [[nodiscard]] bool has(const std::string& list, const std::string& name) const {
    const auto sets = store->sets();
    const auto found = sets.find({"", list});
    if (found == sets.end()) return false;
    const auto parsed = dns::Name::from_text(name).value();
    const auto& names = *found->second;
    return names.find(filters::SuffixHashes(parsed, names.deepest(), names.seed())).has_value();
  }
  [[nodiscard]] ListState state(const std::string& list) const {
    const auto lists = status.values().lists;
    const auto found = lists.find(list);
    return found == lists.end() ? ListState{} : found->second;
  }
  /// Runs the control thread's part until `done`; false when that takes longer than it ever should.
  template <typename Done>
  bool becomes(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!done() && std::chrono::steady_clock::now() < deadline) {
      context.restart();
      context.run_one_for(5ms);
    }
    return done();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "lists with entries of their own are there at once",
                 "[proxy][list_store]") {
  auto list = inline_list("ads", "ads.example");
  list.key.namespace_name = "shop";
  config::Diagnostics none;
  const auto sets = store->update({list, inline_list("other", "x.example")}, none);
  CHECK(none.empty());
  CHECK(sets.size() == 2);
  CHECK(sets.at({"shop", "ads"})->size() == 1);
  CHECK(has("other", "a.x.example"));
  CHECK(store->missing().empty());
  CHECK(state("shop/ads").entries == 1);
  CHECK(state("shop/ads").memory > 0);
  CHECK(changes == 0);
}

TEST_CASE_METHOD(Fixture, "a file is loaded, and again when it is replaced",
                 "[proxy][list_store]") {
  write("ads.txt", "ads.example\nbad line\n");
  want({file_list("ads", "ads.txt")});
  CHECK(diagnostics.empty());
  CHECK(store->missing() == std::vector<std::string>{"ads"});
  REQUIRE(becomes([&] { return has("ads", "ads.example"); }));
  CHECK(changes == 1);
  CHECK(store->missing().empty());
  CHECK(state("ads").entries == 1);
  CHECK(state("ads").bad_lines == 1);
  write("ads.txt", "other.example\n");
  REQUIRE(becomes([&] { return has("ads", "other.example"); }));
  CHECK_FALSE(has("ads", "ads.example"));
  CHECK(changes == 2);
}

TEST_CASE_METHOD(Fixture, "a list that is wanted as before is not loaded again",
                 "[proxy][list_store]") {
  write("ads.txt", "ads.example\n");
  want({file_list("ads", "ads.txt")});
  REQUIRE(becomes([&] { return has("ads", "ads.example"); }));
  const auto before = store->sets();
  want({file_list("ads", "ads.txt"), inline_list("more", "x.example")});
  CHECK(store->sets().at({"", "ads"}) == before.at({"", "ads"}));
  want({inline_list("more", "x.example")});
  CHECK(store->sets().size() == 1);
  CHECK_FALSE(status.values().lists.contains("ads"));
}

TEST_CASE_METHOD(Fixture, "a file that goes wrong leaves what is in force", "[proxy][list_store]") {
  write("ads.txt", "ads.example\n");
  want({file_list("ads", "ads.txt")});
  REQUIRE(becomes([&] { return has("ads", "ads.example"); }));
  write("ads.txt", "<html>\n");
  REQUIRE(becomes([&] { return state("ads").failures == 1; }));
  CHECK_THAT(state("ads").problem, ContainsSubstring("no line that can be read"));
  fs::remove(directory / "ads.txt");
  REQUIRE(becomes([&] { return state("ads").failures == 2; }));
  CHECK(has("ads", "ads.example"));
  CHECK(changes == 1);
  write("ads.txt", "new.example\n");
  REQUIRE(becomes([&] { return has("ads", "new.example"); }));
  CHECK(state("ads").problem == "");
}

TEST_CASE_METHOD(Fixture, "a list whose source changes stays until the new one is there",
                 "[proxy][list_store]") {
  write("one.txt", "one.example\n");
  want({file_list("ads", "one.txt")});
  REQUIRE(becomes([&] { return has("ads", "one.example"); }));
  want({file_list("ads", "two.txt")});
  CHECK(has("ads", "one.example"));
  write("two.txt", "two.example\n");
  REQUIRE(becomes([&] { return has("ads", "two.example"); }));
  CHECK_FALSE(has("ads", "one.example"));
}

TEST_CASE_METHOD(Fixture, "sources that can never work are told with their remedy",
                 "[proxy][list_store]") {
  want({file_list("up", "../x"), file_list("root", "/etc/passwd"), url_list("ftp", "ftp://a/b"),
        inline_list("fine", "x.example")});
  REQUIRE(diagnostics.size() == 3);
  CHECK(diagnostics[0].path == "list up");
  CHECK_THAT(diagnostics[0].message, ContainsSubstring("without '..'"));
  CHECK_THAT(diagnostics[1].message, ContainsSubstring("relative to lists.directory"));
  CHECK_THAT(diagnostics[2].message, ContainsSubstring("http:// or https://"));
  CHECK(store->sets().size() == 1);
  options.settings.directory.clear();
  restart();
  want({file_list("ads", "ads.txt")});
  REQUIRE(diagnostics.size() == 1);
  CHECK_THAT(diagnostics[0].message, ContainsSubstring("set lists.directory"));
}

TEST_CASE_METHOD(Fixture, "a download is asked for again, and read again only when it changed",
                 "[proxy][list_store]") {
  offer.set({.headers = {{"ETag", "\"1\""}}, .body = "one.example\n"});
  auto list = url_list("ads", url());
  list.source->refresh_interval = 0s;
  want({list});
  REQUIRE(becomes([&] { return has("ads", "one.example"); }));
  REQUIRE(becomes([&] { return server.requests() >= 4; }));
  CHECK(changes == 1);
  CHECK(offer.last().headers.at("if-none-match") == "\"1\"");
  offer.set({.headers = {{"ETag", "\"2\""}}, .body = "two.example\n"});
  REQUIRE(becomes([&] { return has("ads", "two.example"); }));
  CHECK(changes == 2);
}

TEST_CASE_METHOD(Fixture, "the copy on disk serves a start without the server",
                 "[proxy][list_store]") {
  offer.set({.headers = {{"ETag", "\"1\""}}, .body = "one.example\n"});
  want({url_list("ads", url())});
  REQUIRE(becomes([&] { return has("ads", "one.example"); }));
  offer.set({.status = 503});
  restart();
  want({url_list("ads", url())});
  REQUIRE(becomes([&] { return has("ads", "one.example"); }));
  REQUIRE(becomes([&] { return state("ads").failures >= 2; }));
  CHECK(has("ads", "one.example"));
  CHECK_THAT(state("ads").problem, ContainsSubstring("503"));
  offer.set({.body = "two.example\n"});
  REQUIRE(becomes([&] { return has("ads", "two.example"); }));
}

TEST_CASE_METHOD(Fixture, "a download that goes wrong leaves what is in force",
                 "[proxy][list_store]") {
  options.settings.max_bytes = 1024;
  restart();
  offer.set({.body = "one.example\n"});
  auto list = url_list("ads", url());
  list.source->refresh_interval = 0s;
  want({list});
  REQUIRE(becomes([&] { return has("ads", "one.example"); }));
  struct Case {
    HttpReply reply;
    std::string problem;
  };
  const std::vector<Case> table{
      {{.status = 404, .body = "two.example\n"}, "status 404"},
      {{.body = "two.example\n", .missing = 10}, "before its end"},
      {{.body = "<html>"}, "no line that can be read"},
      {{.body = std::string(2000, '#')}, "limit of lists.maxBytes"},
      {{.status = 302, .headers = {{"Location", "/list"}}}, "redirects more than 5 times"},
      {{.status = 302, .headers = {{"Location", "file:///etc/passwd"}}}, "no http or https URL"},
  };
  for (const auto& entry : table) {
    INFO(entry.problem);
    offer.set(entry.reply);
    REQUIRE(becomes([&] { return state("ads").problem.find(entry.problem) != std::string::npos; }));
    CHECK(has("ads", "one.example"));
  }
  CHECK(changes >= 1);
}

TEST_CASE_METHOD(Fixture, "a download that does not fit is refused and says why",
                 "[proxy][list_store]") {
  options.settings.max_entries = 2;
  restart();
  offer.set({.body = "a.example\nb.example\nc.example\n"});
  want({url_list("ads", url())});
  REQUIRE(becomes([&] { return state("ads").failures > 0; }));
  CHECK_THAT(state("ads").problem, ContainsSubstring("limit of lists.maxEntries"));
  CHECK(store->sets().empty());
  CHECK(fs::is_empty(temporary.path() / "cache"));
}

TEST_CASE_METHOD(Fixture, "a server without the right certificate is not believed",
                 "[proxy][list_store]") {
  tests::CertificateAuthority ours(temporary.path() / "ours");
  tests::CertificateAuthority theirs(temporary.path() / "theirs");
  struct Case {
    config::ServerTls files;
    bool is_good;
  };
  const std::vector<Case> table{
      {ours.issue({.names = {"127.0.0.1"}}), true},
      {theirs.issue({.names = {"127.0.0.1"}}), false},
      {ours.issue({.names = {"127.0.0.2"}}), false},
      {ours.issue({.names = {"127.0.0.1"}, .validity = tests::Validity::expired}), false},
  };
  options.settings.ca_file = ours.file();
  options.settings.cache_directory.clear();
  offer.set({.body = "one.example\n"});
  for (const auto& entry : table) {
    const HttpServer secure([this](const HttpRequest& request) { return offer.answer(request); },
                            entry.files);
    restart();
    want({url_list("ads", "https://127.0.0.1:" + std::to_string(secure.port()) + "/list")});
    REQUIRE(becomes([&] { return has("ads", "one.example") || state("ads").failures > 0; }));
    CHECK(has("ads", "one.example") == entry.is_good);
    if (!entry.is_good) CHECK_THAT(state("ads").problem, ContainsSubstring("TLS with 127.0.0.1"));
    want({});
  }
}

TEST_CASE_METHOD(Fixture, "a store can go while lists are under way", "[proxy][list_store]") {
  std::string text;
  for (int i = 0; i < 200'000; ++i)
    text += "n" + std::to_string(i) + ".example\n";
  write("big.txt", text);
  want({file_list("big", "big.txt"), url_list("ads", url())});
  store.reset();
  context.restart();
  context.poll();
  CHECK(changes == 0);
}

}  // namespace sluice::proxy
