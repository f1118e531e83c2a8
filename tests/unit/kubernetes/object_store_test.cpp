// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/object_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/kubernetes/objects.hpp"

using namespace sluice;
using namespace sluice::kubernetes;
using tests::object;
using tests::to_text;

namespace {

ObjectStore filled() {
  ObjectStore store;
  (void)store.replace(
      {object({"a", "1", "10"}), object({"b", "2", "20"}), object({"c", "3", "30"})});
  return store;
}

}  // namespace

TEST_CASE("a put adds, updates or does nothing", "[kubernetes][store]") {
  ObjectStore store;
  Changes changes;
  store.put(object({"a", "1", "10"}), changes);
  store.put(object({"a", "1", "10"}), changes);
  store.put(object({"a", "1", "11"}), changes);
  CHECK(to_text(changes) == "+a/1 ~a/1");
  CHECK(changes[1].previous->resource_version == "10");
  CHECK(store.find("shop", "a")->resource_version == "11");
  CHECK(store.find("other", "a") == nullptr);
}

TEST_CASE("another uid under the same name is another object", "[kubernetes][store]") {
  ObjectStore store = filled();
  Changes changes;
  store.put(object({"a", "9", "50"}), changes);
  CHECK(to_text(changes) == "-a/1 +a/9");
  CHECK(to_text(store.replace({object({"a", "8", "60"})})) == "-a/9 -b/2 -c/3 +a/8");
}

TEST_CASE("a deletion needs the uid that is there", "[kubernetes][store]") {
  ObjectStore store = filled();
  Changes changes;
  store.remove(object({"a", "0", "99"}), changes);
  store.remove(object({"x", "1", "99"}), changes);
  CHECK(changes.empty());
  store.remove(object({"a", "1", "99"}), changes);
  CHECK(to_text(changes) == "-a/1");
  CHECK(changes[0].object->resource_version == "99");
  CHECK(store.size() == 2);
}

TEST_CASE("a replacement tells the difference, deletions first", "[kubernetes][store]") {
  ObjectStore store = filled();
  const ObjectPointer kept = store.find("shop", "a");
  const auto changes =
      store.replace({object({"d", "4", "40"}), object({"b", "2", "21"}), object({"a", "1", "10"})});
  CHECK(to_text(changes) == "-c/3 ~b/2 +d/4");
  CHECK(store.find("shop", "a") == kept);
  CHECK(store.size() == 3);
  CHECK(
      store.replace({object({"a", "1", "10"}), object({"b", "2", "21"}), object({"d", "4", "40"})})
          .empty());
}

TEST_CASE("an object that changes namespace is another one", "[kubernetes][store]") {
  ObjectStore store = filled();
  const auto elsewhere = make_object(*parse_object(
      R"({"metadata":{"namespace":"ci","name":"a","uid":"7","resourceVersion":"1"}})"));
  Changes changes;
  store.put(elsewhere, changes);
  CHECK(to_text(changes) == "+a/7");
  CHECK(store.size() == 4);
}
