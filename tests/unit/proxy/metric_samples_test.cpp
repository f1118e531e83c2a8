// SPDX-License-Identifier: Apache-2.0
#include "proxy/metric_samples.hpp"

#include <cmath>

#include <catch2/catch_test_macros.hpp>

using namespace sluice::proxy;
using namespace std::chrono_literals;

TEST_CASE("histograms are added up and become cumulative", "[proxy][metrics]") {
  Histogram first;
  first.observe(250us);  // on a bound: belongs to it
  first.observe(251us);
  Histogram second;
  second.observe(8192ms);
  second.observe(20s);
  HistogramSum sum;
  sum.add(first);
  sum.add(second);
  CHECK(sum.count() == 4);

  const auto result = sum.to_prometheus();
  REQUIRE(result.bucket.size() == Histogram::bounded_buckets + 1);
  CHECK(result.bucket[0].upper_bound == 0.00025);
  CHECK(result.bucket[0].cumulative_count == 1);
  CHECK(result.bucket[1].cumulative_count == 2);
  CHECK(result.bucket[14].cumulative_count == 2);
  CHECK(result.bucket[15].upper_bound == 8.192);
  CHECK(result.bucket[15].cumulative_count == 3);
  CHECK(std::isinf(result.bucket[16].upper_bound));
  CHECK(result.bucket[16].cumulative_count == 4);
  CHECK(result.sample_count == 4);
  CHECK(std::abs(result.sample_sum - 28.192501) < 1e-9);
}

TEST_CASE("label values come out as valid text of bounded size", "[proxy][metrics]") {
  const MetricDefinition definition{
      "sluice_test_total", "A test.", prometheus::MetricType::Counter, {"name"}, nullptr};
  MetricSamples samples(definition);
  samples.add({"a\nb\xFF"}, std::uint64_t{1});
  samples.add({std::string(10'000, 'x')}, std::uint64_t{2});
  samples.add_unless_zero({"unused"}, 0);
  const auto taken = samples.take();
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].label[0].name == "name");
  CHECK(taken[0].label[0].value == R"(a\010b\255)");
  CHECK(taken[0].counter.value == 1.0);
  CHECK(taken[1].label[0].value.size() == 512);
}
