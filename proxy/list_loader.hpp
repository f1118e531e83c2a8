// SPDX-License-Identifier: Apache-2.0
// The thread that lists are read on, so that neither workers nor the control thread ever wait for
// one. Files are read one after the other; of downloads, a few are under way at a time, which
// bounds what is held while lists are built.
#pragma once

#include <deque>
#include <functional>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "proxy/list_load.hpp"

namespace sluice::proxy {

class ListLoader {
 public:
  using Job = std::function<void()>;
  using Download = std::function<boost::asio::awaitable<void>()>;
  static constexpr std::size_t max_downloads = 4;

  ListLoader();
  /// Ends what is under way, within a piece of a file.
  ~ListLoader();
  ListLoader(const ListLoader&) = delete;
  ListLoader& operator=(const ListLoader&) = delete;

  /// Runs it on the loader's thread. Any thread.
  void run(Job job);
  /// Starts it there as soon as it is its turn. Any thread.
  void download(Download download);
  [[nodiscard]] const StopFlag& stop_flag() const { return stop_; }

 private:
  void start_downloads();

  StopFlag stop_ = std::make_shared<std::atomic<bool>>(false);
  std::deque<Download> waiting_;    ///< on the loader's thread, as is:
  std::size_t download_count_ = 0;  ///< under way
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace sluice::proxy
