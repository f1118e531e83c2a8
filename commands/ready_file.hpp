// SPDX-License-Identifier: Apache-2.0
// A file that is there while the process serves. Where two processes share all ports, as two agents
// do on a node's network for the time of an update, whoever asks at a port cannot tell which of
// them answers; a file in a place of its own can.
#pragma once

#include <filesystem>

namespace sluice::commands {

/// Does nothing with an empty path.
class ReadyFile {
 public:
  /// Removes what an earlier process has left.
  explicit ReadyFile(std::filesystem::path file);
  ~ReadyFile();
  ReadyFile(const ReadyFile&) = delete;
  ReadyFile& operator=(const ReadyFile&) = delete;

  /// Logs it when that is not possible: queries are answered all the same.
  void write() const;

 private:
  std::filesystem::path file_;
};

}  // namespace sluice::commands
