// SPDX-License-Identifier: Apache-2.0
// One download of a list over HTTP/1.1, https verified always. Only what has changed is sent (RFC
// 9110 13); redirections are followed, a few, and never from https to http.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "proxy/list_cache.hpp"
#include "proxy/list_url.hpp"

namespace sluice::proxy {

struct FetchLimits {
  std::uint64_t max_octets = 512ULL << 20;
  std::chrono::milliseconds step_timeout{30'000};  ///< to connect, and until more octets come
  std::chrono::milliseconds deadline{900'000};     ///< for the body as a whole
};

struct FetchRequest {
  ListUrl url;
  HttpVersion known;  ///< what we have already
  std::filesystem::path ca_file;
  FetchLimits limits;
  /// Called with the new version before its body.
  std::function<void(const HttpVersion& version)> begin;
  TakePiece take;
};

struct FetchResult {
  std::string problem;  ///< empty when all went well
  bool is_unchanged = false;
  HttpVersion version;  ///< of the body that was taken
};

/// Runs on the calling coroutine's executor. The request must outlive it.
boost::asio::awaitable<FetchResult> fetch_list(const FetchRequest& request);

}  // namespace sluice::proxy
