// SPDX-License-Identifier: Apache-2.0
#include "lists/line_splitter.hpp"

#include <algorithm>

namespace sluice::lists {

void LineSplitter::feed(std::string_view octets) {
  while (!octets.empty()) {
    const auto end = octets.find('\n');
    const auto piece = octets.substr(0, end);
    if (end != octets.npos && !is_open_) {
      give(piece);
    } else {
      is_open_ = true;
      // One octet more than is allowed, so that a line that was cut shows.
      start_.append(piece.substr(0, max_line_size + 1 - start_.size()));
      if (end != octets.npos) finish();
    }
    octets.remove_prefix(end == octets.npos ? octets.size() : end + 1);
  }
}

void LineSplitter::finish() {
  if (!is_open_) return;
  is_open_ = false;
  give(start_);
  start_.clear();
}

void LineSplitter::give(std::string_view text) {
  ++count_;
  if (count_ == 1 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.ends_with('\r')) text.remove_suffix(1);
  take_({text.substr(0, max_line_size), count_, text.size() > max_line_size});
}

}  // namespace sluice::lists
