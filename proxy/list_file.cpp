// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;

/// Few enough system calls, and little beside what a list takes.
constexpr std::size_t piece_size = 256UL * 1024;

class Descriptor {
 public:
  /// Never waits for the other end of a pipe.
  explicit Descriptor(const fs::path& path)
      : number_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string system_problem() {
  return "cannot be read: " + std::generic_category().message(errno);
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [end, rest] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end() && rest != path.end();
}

}  // namespace

ListPath find_list_file(const fs::path& directory, const std::string& path) {
  const fs::path relative(path);
  const bool has_parent = std::ranges::find(relative, fs::path("..")) != relative.end();
  if (path.empty() || relative.is_absolute() || has_parent)
    return {{}, "the path '" + path + "' must be relative to lists.directory and without '..'"};
  std::error_code error;
  const fs::path root = fs::canonical(directory, error);
  if (error) return {{}, "lists.directory " + directory.string() + ": " + error.message()};
  fs::path file = fs::canonical(root / relative, error);
  if (error) return {{}, "the file '" + path + "' cannot be read: " + error.message()};
  if (!is_below(file, root))
    return {{}, "the path '" + path + "' is a link that leads out of lists.directory"};
  return {std::move(file), {}};
}

std::optional<FileVersion> version_of(const fs::path& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileVersion{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
                     status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

std::string read_pieces(const fs::path& path, const TakePiece& take) {
  const Descriptor file(path);
  struct stat status{};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) return system_problem();
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  std::vector<std::uint8_t> buffer(piece_size);
  for (;;) {
    const ssize_t size = read(file.number(), buffer.data(), buffer.size());
    if (size < 0) return system_problem();
    if (size == 0) return {};
    if (!take(std::span(buffer).first(static_cast<std::size_t>(size)))) return {};
  }
}

}  // namespace sluice::proxy
