// SPDX-License-Identifier: Apache-2.0
#include "commands/ready_file.hpp"

#include <fstream>
#include <system_error>
#include <utility>

#include "proxy/log.hpp"

namespace sluice::commands {
namespace {

void remove_file(const std::filesystem::path& file) {
  std::error_code ignored;  // what cannot be removed is mostly not there
  std::filesystem::remove(file, ignored);
}

}  // namespace

ReadyFile::ReadyFile(std::filesystem::path file) : file_(std::move(file)) {
  if (!file_.empty()) remove_file(file_);
}

ReadyFile::~ReadyFile() {
  if (!file_.empty()) remove_file(file_);
}

void ReadyFile::write() const {
  if (file_.empty()) return;
  std::ofstream stream(file_);
  if (!stream) proxy::log::error("ready file cannot be written", {{"file", file_.string()}});
}

}  // namespace sluice::commands
