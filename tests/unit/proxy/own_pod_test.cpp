// SPDX-License-Identifier: Apache-2.0
#include "proxy/own_pod.hpp"

#include <cstdlib>

#include <catch2/catch_test_macros.hpp>

#include "proxy/log.hpp"
#include "tests/support/certificate.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;

/// A volume as the kubelet makes it: files are links through `..data`, which is replaced.
struct Volume {
  tests::TemporaryDirectory directory;
  config::PodFiles files{directory.path() / "labels", directory.path() / "namespace"};
  config::Diagnostics diagnostics;
  int version = 0;

  Volume() {
    publish("app=\"web\"");
    for (const char* name : {"labels", "namespace"})
      fs::create_symlink(fs::path("..data") / name, directory.path() / name);
  }
  void publish(const std::string& labels) {
    const std::string target = "..version-" + std::to_string(++version);
    directory.write(fs::path(target) / "namespace", "shop");
    directory.write(fs::path(target) / "labels", labels);
    fs::create_symlink(target, directory.path() / "..data_tmp");
    fs::rename(directory.path() / "..data_tmp", directory.path() / "..data");
  }
};

}  // namespace

TEST_CASE_METHOD(Volume, "a pod is who its files say", "[proxy][identity]") {
  const auto pod = read_own_pod(files, diagnostics);
  REQUIRE(pod);
  CHECK(pod->namespace_name == "shop");
  CHECK(pod->labels == filters::Labels{{"app", "web"}});
}

TEST_CASE_METHOD(Volume, "a file's namespace goes before the environment's", "[proxy][identity]") {
  REQUIRE(setenv("POD_NAMESPACE", "bank", 1) == 0);
  CHECK(read_own_pod(files, diagnostics)->namespace_name == "shop");
  files.namespace_file.clear();
  CHECK(read_own_pod(files, diagnostics)->namespace_name == "bank");
  REQUIRE(unsetenv("POD_NAMESPACE") == 0);
  CHECK_FALSE(read_own_pod(files, diagnostics));
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].path == "identity.pod.namespaceFile");
}

TEST_CASE_METHOD(Volume, "all that is wrong with a pod's files is told at once",
                 "[proxy][identity]") {
  fs::remove(directory.path() / "namespace");
  publish("app: web");
  CHECK_FALSE(read_own_pod(files, diagnostics));
  REQUIRE(diagnostics.size() == 2);
  CHECK(diagnostics[0].file == files.namespace_file.string());
  CHECK(diagnostics[1].file == files.labels_file.string());
  CHECK(diagnostics[1].line == 1);
}

TEST_CASE_METHOD(Volume, "an empty namespace is none", "[proxy][identity]") {
  directory.write("namespace", "\nshop");
  CHECK_FALSE(read_own_pod(files, diagnostics));
  CHECK(diagnostics.size() == 1);
}

TEST_CASE_METHOD(Volume, "labels are read again when the volume changes", "[proxy][identity]") {
  boost::asio::io_context context;
  std::vector<filters::Labels> seen;
  OwnPodWatch watch(context, files, *read_own_pod(files, diagnostics),
                    [&](const filters::Workload& pod) {
                      CHECK(pod.namespace_name == "shop");
                      seen.push_back(pod.labels);
                    });
  const auto run_until = [&](std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (seen.size() < count && std::chrono::steady_clock::now() < deadline)
      context.run_one_for(std::chrono::milliseconds(100));
    return seen.size() == count;
  };
  publish("app=\"early\"");  // between the first look and the start
  watch.start();
  CHECK(seen == std::vector<filters::Labels>{{{"app", "early"}}});
  publish("app=\"late\"");
  CHECK(run_until(2));
  const log::Capture capture;
  publish("no labels");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (capture.lines().empty() && std::chrono::steady_clock::now() < deadline)
    context.run_one_for(std::chrono::milliseconds(100));
  CHECK_FALSE(capture.lines().empty());
  CHECK(seen.size() == 2);  // those before stay
  publish("app=\"last\"");
  CHECK(run_until(3));
  CHECK(seen.back() == filters::Labels{{"app", "last"}});
}

}  // namespace sluice::proxy
