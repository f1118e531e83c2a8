// SPDX-License-Identifier: Apache-2.0
#include "proxy/cluster_snapshot.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <boost/json/serialize.hpp>

#include "kubernetes/json_access.hpp"

namespace sluice::proxy {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int format = 1;
constexpr const char* pod_kind = "Pod";

json::object head(const std::string& boot_id) {
  return {{"sluiceSnapshot", format}, {"bootID", boot_id}};
}

void write_lines(std::ostream& stream, const ClusterSnapshot& snapshot,
                 const std::string& boot_id) {
  std::size_t count = 0;
  stream << json::serialize(head(boot_id)) << '\n';
  for (const auto& [kind, objects] : snapshot.objects) {
    for (const auto& object : objects) {
      stream << R"({"kind":")" << kind << R"(","object":)" << object->text << "}\n";
      ++count;
    }
  }
  stream << json::serialize(json::object{{"end", count}}) << '\n' << std::flush;
}

std::string last_error(const fs::path& file) {
  return file.string() + ": " + std::strerror(errno);
}

/// Reads the lines behind the head.
class SnapshotReader {
 public:
  explicit SnapshotReader(bool takes_pods) : takes_pods_(takes_pods) {}

  /// False for a line that makes no sense.
  bool take(const json::object& line) {
    if (const auto* end = line.if_contains("end")) {
      is_whole_ = end->is_int64() && static_cast<std::size_t>(end->get_int64()) == count_;
      return is_whole_;
    }
    ++count_;
    const std::string kind(kubernetes::find_string(line, "kind"));
    const auto* text = kubernetes::find_object(line, "object");
    auto object = text == nullptr ? nullptr : kubernetes::make_object(*text);
    if (kind.empty() || !object) return false;
    if (takes_pods_ || kind != pod_kind) snapshot_.objects[kind].push_back(std::move(object));
    return true;
  }
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  ClusterSnapshot take_snapshot() { return std::move(snapshot_); }

 private:
  bool takes_pods_;
  bool is_whole_ = false;
  std::size_t count_ = 0;
  ClusterSnapshot snapshot_;
};

}  // namespace

std::optional<std::string> write_snapshot(const fs::path& file, const ClusterSnapshot& snapshot,
                                          const std::string& boot_id) {
  fs::path next = file;
  next += ".next";
  errno = 0;
  {
    std::ofstream stream(next, std::ios::binary | std::ios::trunc);
    write_lines(stream, snapshot, boot_id);
    if (!stream) return last_error(next);
  }
  std::error_code error;
  fs::rename(next, file, error);
  if (error) return file.string() + ": " + error.message();
  return std::nullopt;
}

std::optional<ClusterSnapshot> read_snapshot(const fs::path& file, const std::string& boot_id,
                                             std::string& problem) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    if (errno != ENOENT) problem = last_error(file);
    return std::nullopt;
  }
  std::string line;
  std::getline(stream, line);
  const auto first = kubernetes::parse_object(line);
  if (!first || first->if_contains("sluiceSnapshot") == nullptr ||
      first->at("sluiceSnapshot") != format) {
    problem = file.string() + ": is no snapshot of this version";
    return std::nullopt;
  }
  SnapshotReader reader(kubernetes::find_string(*first, "bootID") == boot_id);
  for (std::size_t number = 2; std::getline(stream, line); ++number) {
    const auto object = kubernetes::parse_object(line);
    if (object && reader.take(*object)) continue;
    problem = file.string() + ':' + std::to_string(number) + ": makes no sense";
    return std::nullopt;
  }
  if (reader.is_whole()) return reader.take_snapshot();
  problem = file.string() + ": is cut off";
  return std::nullopt;
}

std::string current_boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

}  // namespace sluice::proxy
