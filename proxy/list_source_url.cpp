// SPDX-License-Identifier: Apache-2.0
// A list behind a URL: the copy on disk first, if there is one, then what the server has, then
// again after each interval.
#include <algorithm>
#include <optional>
#include <random>

#include "proxy/list_cache.hpp"
#include "proxy/list_fetch.hpp"
#include "proxy/list_source.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

using std::chrono::milliseconds;

/// However often it failed, and however long the interval is.
constexpr milliseconds max_retry{600'000};

/// A part of `span` between `least` and `most`, so that a thousand nodes do not ask at once.
milliseconds spread(milliseconds span, double least, double most) {
  static std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> factor(least, most);
  return milliseconds(
      static_cast<std::int64_t>(static_cast<double>(span.count()) * factor(random)));
}

/// One download with everything that it needs, on the loader's thread.
struct Download {
  FetchRequest request;
  std::unique_ptr<ListLoad> load;
  std::string name;
  boost::asio::io_context* control = nullptr;
  std::filesystem::path cache;  ///< empty: no copy is kept
  std::optional<ListCacheWriter> copy;

  void connect() {
    request.begin = [this](const HttpVersion& version) {
      if (!cache.empty()) copy.emplace(cache, version);
    };
    request.take = [this](std::span<const std::uint8_t> piece) {
      if (copy) copy->write(piece);
      return load->feed(piece);
    };
  }
  /// Only what could be read replaces the copy before.
  void keep_copy() {
    if (!copy) return;
    const std::string problem = copy->commit();
    copy.reset();
    if (!problem.empty())
      log::warn("no copy of a list can be kept", {{"list", name}, {"problem", problem}});
  }
};

/// What came of it.
struct Outcome {
  FetchResult fetch;
  std::optional<lists::ListResult> list;  ///< when there was something to read
};

class UrlSource final : public ListSource {
 public:
  UrlSource(ListSurroundings& surroundings, const filters::DomainList& list)
      : ListSource(surroundings, list), name_(list_name(list.key)) {
    if (!surroundings.settings.cache_directory.empty())
      cache_ = list_cache_path(surroundings.settings.cache_directory, source().url);
  }

  void start() override {
    if (cache_.empty()) return fetch();
    auto load = std::shared_ptr<ListLoad>(make_load());
    surroundings().loader.run(
        [&control = surroundings().control, weak = weak(), path = cache_, load] {
          deliver(control, weak,
                  [outcome = read_copy(path, *load)](UrlSource& source) { source.begin(outcome); });
        });
  }

 private:
  std::weak_ptr<UrlSource> weak() {
    return std::static_pointer_cast<UrlSource>(shared_from_this());
  }

  /// Null when there is no copy. On the loader's thread.
  static std::shared_ptr<Outcome> read_copy(const std::filesystem::path& path, ListLoad& load) {
    auto outcome = std::make_shared<Outcome>();
    const auto version = read_list_cache(
        path, [&load](std::span<const std::uint8_t> piece) { return load.feed(piece); });
    if (!version) return nullptr;
    outcome->fetch.version = *version;
    outcome->list = load.finish();
    return outcome;
  }

  void begin(const std::shared_ptr<Outcome>& copy) {
    if (copy && copy->list->has_value()) {
      known_ = copy->fetch.version;
      succeed(**copy->list);
    }
    fetch();
  }

  void fetch() {
    auto url = ListUrl::from_text(source().url);
    if (!url) return fail("'" + source().url + "' is no http or https URL");
    auto job = std::make_shared<Download>();
    const config::Lists& settings = surroundings().settings;
    job->request.url = *std::move(url);
    job->request.known = known_;
    job->request.ca_file = settings.ca_file;
    job->request.limits.max_octets = settings.max_bytes;
    job->load = make_load();
    job->name = name_;
    job->cache = cache_;
    job->control = &surroundings().control;
    surroundings().loader.download([weak = weak(), job] { return run(weak, job); });
  }

  /// On the loader's thread.
  static boost::asio::awaitable<void> run(std::weak_ptr<UrlSource> weak,
                                          std::shared_ptr<Download> job) {
    job->connect();
    auto outcome = std::make_shared<Outcome>();
    outcome->fetch = co_await fetch_list(job->request);
    if (outcome->fetch.problem.empty() && !outcome->fetch.is_unchanged) {
      outcome->list = job->load->finish();
      if (outcome->list->has_value()) job->keep_copy();
    }
    deliver(*job->control, weak, [outcome](UrlSource& source) { source.take(*outcome); });
  }

  void take(const Outcome& outcome) {
    const bool is_refused = outcome.list && !outcome.list->has_value();
    if (!outcome.fetch.problem.empty() || is_refused) {
      fail(is_refused ? outcome.list->error().reason : outcome.fetch.problem);
      return fetch_after(retry_pause());
    }
    known_ = outcome.fetch.version;
    if (outcome.list) {
      succeed(**outcome.list);
    } else {
      find_unchanged();
    }
    fetch_after(spread(source().refresh_interval, 0.9, 1.1));
  }

  void fetch_after(milliseconds pause) {
    call_after(pause, [this] { fetch(); });
  }

  [[nodiscard]] milliseconds retry_pause() const {
    const milliseconds most = std::min<milliseconds>(max_retry, source().refresh_interval);
    constexpr std::uint64_t most_doublings = 10;
    const auto doublings = std::min(failures() - 1, most_doublings);
    return spread(std::min(most, first_retry_ * (std::int64_t{1} << doublings)), 0.5, 1.0);
  }

  std::string name_;
  milliseconds first_retry_ = surroundings().first_retry;
  std::filesystem::path cache_;
  HttpVersion known_;  ///< of what is in force
};

}  // namespace

std::shared_ptr<ListSource> make_url_source(ListSurroundings& surroundings,
                                            const filters::DomainList& list) {
  return std::make_shared<UrlSource>(surroundings, list);
}

}  // namespace sluice::proxy
