// SPDX-License-Identifier: Apache-2.0
// A list in a file: looked at every second, loaded when it was written or replaced.
#include "proxy/list_file.hpp"
#include "proxy/list_source.hpp"

namespace sluice::proxy {
namespace {

class FileSource final : public ListSource {
 public:
  FileSource(ListSurroundings& surroundings, const filters::DomainList& list)
      : ListSource(surroundings, list) {}
  void start() override { look(); }

 private:
  /// What came of reading one version of the file.
  struct Outcome {
    Outcome(std::string reading, lists::ListResult result)
        : problem(std::move(reading)), list(std::move(result)) {}
    std::string problem;  ///< of reading; empty when it could be read to its end
    lists::ListResult list;
  };

  void look() {
    const auto file = find_list_file(surroundings().settings.directory, source().path);
    if (!file.problem.empty()) {
      tried_.reset();
      fail(file.problem);
      return look_again();
    }
    const auto version = version_of(file.path);
    // A file that is still being written changes from look to look; the first look need not wait.
    const bool is_settled = !seen_ || version == seen_;
    seen_ = version;
    if (!version || version == tried_ || !is_settled) return look_again();
    tried_ = version;
    load(file.path);
  }

  void look_again() {
    call_after(surroundings().poll_interval, [this] { look(); });
  }

  void load(const std::filesystem::path& path) {
    const auto self = std::static_pointer_cast<FileSource>(shared_from_this());
    auto load = std::shared_ptr<ListLoad>(make_load());
    surroundings().loader.run(
        [&control = surroundings().control, weak = std::weak_ptr(self), path, load] {
          std::string problem = read_pieces(
              path, [&load](std::span<const std::uint8_t> piece) { return load->feed(piece); });
          const auto outcome = std::make_shared<Outcome>(std::move(problem), load->finish());
          deliver(control, weak, [outcome](FileSource& source) { source.take(*outcome); });
        });
  }

  void take(const Outcome& outcome) {
    if (!outcome.problem.empty()) {
      tried_.reset();  // the same version may be readable the next time
      fail(outcome.problem);
    } else if (!outcome.list) {
      fail(outcome.list.error().reason);
    } else {
      succeed(*outcome.list);
    }
    look_again();
  }

  std::optional<FileVersion> tried_;  ///< loaded, or refused: not read again
  std::optional<FileVersion> seen_;
};

}  // namespace

std::shared_ptr<ListSource> make_file_source(ListSurroundings& surroundings,
                                             const filters::DomainList& list) {
  return std::make_shared<FileSource>(surroundings, list);
}

}  // namespace sluice::proxy
