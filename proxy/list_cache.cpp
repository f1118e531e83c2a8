// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_cache.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <openssl/evp.h>
#include <unistd.h>

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;

/// The first line; another number, another layout.
constexpr std::string_view magic = "sluice-list 1";
/// Three lines; headers are bounded when they are read.
constexpr std::size_t max_head_size = 32UL * 1024;

std::string last_error(const std::string& what) {
  return what + ": " + std::generic_category().message(errno);
}

/// Takes one line off `text`; nothing when there is no whole one.
std::optional<std::string> take_line(std::string& text) {
  const auto end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  std::string line = text.substr(0, end);
  text.erase(0, end + 1);
  return line;
}

/// The lines in front of the body, which may come in any pieces.
class Head {
 public:
  /// What of the piece belongs to the body; nothing until the head is complete.
  std::string take(std::span<const std::uint8_t> piece) {
    text_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    for (; line_ < lines_.size(); ++line_) {
      auto line = take_line(text_);
      if (!line) return {};
      lines_.at(line_) = std::move(*line);
    }
    return std::exchange(text_, {});
  }
  [[nodiscard]] bool is_complete() const { return line_ == lines_.size(); }
  [[nodiscard]] bool is_wrong() const {
    return text_.size() > max_head_size || (line_ > 0 && lines_.front() != magic);
  }
  [[nodiscard]] std::optional<HttpVersion> version() const {
    if (!is_complete() || is_wrong()) return std::nullopt;
    return HttpVersion{lines_[1], lines_[2]};
  }

 private:
  std::string text_;
  std::array<std::string, 3> lines_;
  std::size_t line_ = 0;
};

}  // namespace

fs::path list_cache_path(const fs::path& directory, const std::string& url) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(url.data(), url.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string name;
  for (const unsigned char octet : std::span(digest).first(16))
    name += {digits[octet >> 4U], digits[octet & 0xfU]};
  return directory / (name + ".list");
}

std::optional<HttpVersion> read_list_cache(const fs::path& path, const TakePiece& take) {
  Head head;
  const std::string problem = read_pieces(path, [&](std::span<const std::uint8_t> piece) {
    if (head.is_complete()) return take(piece);
    const std::string body = head.take(piece);
    if (head.is_wrong()) return false;
    return body.empty() || take({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
  });
  if (!problem.empty()) return std::nullopt;
  return head.version();
}

ListCacheWriter::ListCacheWriter(fs::path path, const HttpVersion& version)
    : path_(std::move(path)), temporary_(path_) {
  std::error_code error;
  fs::create_directories(path_.parent_path(), error);
  temporary_ += ".part" + std::to_string(getpid());
  file_.reset(std::fopen(temporary_.c_str(), "we"));
  if (!file_) problem_ = last_error(temporary_.string());
  const std::string head =
      std::string(magic) + '\n' + version.etag + '\n' + version.last_modified + '\n';
  write({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
}

ListCacheWriter::~ListCacheWriter() {
  if (!file_) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void ListCacheWriter::write(std::span<const std::uint8_t> piece) {
  if (!problem_.empty()) return;
  if (std::fwrite(piece.data(), 1, piece.size(), file_.get()) != piece.size())
    problem_ = last_error(temporary_.string());
}

std::string ListCacheWriter::commit() {
  if (!problem_.empty()) return problem_;
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0)
    return last_error(temporary_.string());
  std::error_code error;
  fs::rename(temporary_, path_, error);
  if (error) return path_.string() + ": " + error.message();
  file_.reset();
  return {};
}

}  // namespace sluice::proxy
