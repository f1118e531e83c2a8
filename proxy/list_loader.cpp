// SPDX-License-Identifier: Apache-2.0
#include "proxy/list_loader.hpp"

#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <malloc.h>

#include "proxy/capabilities.hpp"
#include "proxy/log.hpp"

namespace sluice::proxy {
namespace {

void log_failure(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error("loading a list failed", {{"problem", error.what()}});
  }
}

/// What a list took while it was built goes back to the system: another may not come for hours.
void give_memory_back() {
  malloc_trim(0);
}

}  // namespace

ListLoader::ListLoader()
    : work_(boost::asio::make_work_guard(context_)), thread_([this] {
        renounce_privileged_ports();
        context_.run();
      }) {}

ListLoader::~ListLoader() {
  *stop_ = true;
  context_.stop();
  thread_.join();
}

void ListLoader::run(Job job) {
  boost::asio::post(context_, [job = std::move(job)] {
    job();
    give_memory_back();
  });
}

void ListLoader::download(Download download) {
  boost::asio::post(context_, [this, download = std::move(download)]() mutable {
    waiting_.push_back(std::move(download));
    start_downloads();
  });
}

void ListLoader::start_downloads() {
  while (download_count_ < max_downloads && !waiting_.empty()) {
    ++download_count_;
    Download next = std::move(waiting_.front());
    waiting_.pop_front();
    boost::asio::co_spawn(context_, std::move(next), [this](const std::exception_ptr& failure) {
      log_failure(failure);
      give_memory_back();
      --download_count_;
      start_downloads();
    });
  }
}

}  // namespace sluice::proxy
