// SPDX-License-Identifier: Apache-2.0
// Lists of a million names and more: how long they take to load, what they hold, what a lookup
// costs. Prints a table; times are only reported. BENCH_NAMES=5000000 for another size.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>

#include "lists/list_reader.hpp"

using namespace sluice;
using Format = filters::DomainList::Format;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t chunk_size = 256 * 1024;
constexpr std::size_t lookups = 1 << 20;

struct Kind {
  const char* name;
  Format format;
  const char* before;
  const char* after;
};
constexpr std::array<Kind, 4> kinds{{{"plain", Format::plain, "", ""},
                                     {"hosts", Format::hosts, "0.0.0.0 ", ""},
                                     {"adblock", Format::adblock, "||", "^"},
                                     {"rpz", Format::rpz, "", " CNAME ."}}};

/// Like names of real lists: two or three labels, 20 octets on average.
std::string name_of(std::size_t i, const char* zone) {
  static constexpr std::array<const char*, 4> words{"ads", "track", "cdn-metrics", "x"};
  return std::string(words.at(i % 4)) + std::to_string(i * 2654435761U % 4294967296U) +
         (i % 3 == 0 ? ".shop" : "") + zone;
}

std::size_t resident_peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

lists::ParsedList load(const std::string& text, Format format) {
  lists::ListReader reader({.format = format, .limits = {}, .seed = 4711});
  for (std::size_t at = 0; at < text.size(); at += chunk_size) {
    const auto piece = std::string_view(text).substr(at, chunk_size);
    REQUIRE(reader.feed({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()}));
  }
  return reader.finish().value();
}

/// Nanoseconds per name, hashing included, as a chain would ask.
double lookup_cost(const filters::NameSet& names, const std::vector<dns::Name>& questions) {
  std::size_t found = 0;
  const auto start = Clock::now();
  for (const dns::Name& question : questions)
    found += names.find(filters::SuffixHashes(question, names.deepest(), names.seed())) ? 1 : 0;
  const double cost = seconds_since(start) * 1e9 / static_cast<double>(questions.size());
  REQUIRE((found == 0 || found == questions.size()));
  return cost;
}

std::vector<dns::Name> questions(std::size_t count, const char* zone) {
  std::vector<dns::Name> names;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < lookups; ++i)
    names.push_back(dns::Name::from_text(name_of(random() % count, zone)).value());
  return names;
}

void measure(std::size_t count) {
  const auto hits = questions(count, ".example.com");
  const auto misses = questions(count, ".elsewhere.net");
  for (const Kind& kind : kinds) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += kind.before + name_of(i, ".example.com") + kind.after + '\n';
    const auto start = Clock::now();
    const auto list = load(text, kind.format);
    const double seconds = seconds_since(start);
    REQUIRE(list.bad_line_count == 0);
    REQUIRE(list.names->size() == count);
    std::printf("%-8s %9zu %8.3f %12.2f %8.0f %8.0f %9zu\n", kind.name, count, seconds,
                static_cast<double>(list.names->memory()) / static_cast<double>(count),
                lookup_cost(*list.names, hits), lookup_cost(*list.names, misses),
                resident_peak_kib() / 1024);
  }
}

}  // namespace

TEST_CASE("loading and asking lists of millions of names", "[bench][lists]") {
  std::printf("format       names   load s  octets/name   hit ns  miss ns  peak MiB\n");
  const char* given = std::getenv("BENCH_NAMES");
  for (const std::size_t count : {std::size_t{1'000'000}, std::size_t{5'000'000}}) {
    measure(given != nullptr ? std::strtoull(given, nullptr, 10) : count);
    if (given != nullptr) break;
  }
}
