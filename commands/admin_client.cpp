// SPDX-License-Identifier: Apache-2.0
#include "commands/admin_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/url.hpp>

namespace sluice::commands {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds longest_wait{5};
constexpr int http_1_1 = 11;

std::string target_of(const std::string& path, const Parameters& parameters) {
  boost::urls::url url;
  url.set_path(path);
  for (const auto& [name, value] : parameters) {
    if (!value.empty()) url.params().append({name, value});
  }
  return {url.buffer().data(), url.buffer().size()};
}

/// Throws boost::system::system_error.
http::response<http::string_body> exchange(const asio::ip::tcp::endpoint& server,
                                           const std::string& target) {
  asio::io_context context;
  beast::tcp_stream stream(context);
  stream.expires_after(longest_wait);
  stream.connect(server);
  http::request<http::empty_body> request(http::verb::get, target, http_1_1);
  request.set(http::field::host, "sluice");
  request.set(http::field::connection, "close");
  http::write(stream, request);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  http::read(stream, buffer, response);
  return response;
}

}  // namespace

AdminPage get_from_admin(const std::string& address, const std::string& path,
                         const Parameters& parameters) {
  AdminPage page;
  const auto authority = boost::urls::parse_authority(address);
  boost::system::error_code error;
  const auto host =
      authority ? asio::ip::make_address(authority->host_address(), error) : asio::ip::address();
  if (!authority || error || authority->port_number() == 0) {
    page.problem = "'" + address + "' must be like 127.0.0.1:9153";
    return page;
  }
  try {
    const auto response = exchange({host, authority->port_number()}, target_of(path, parameters));
    if (response.result() == http::status::ok)
      page.text = response.body();
    else
      page.problem = response.body().substr(0, response.body().find_last_not_of('\n') + 1);
  } catch (const boost::system::system_error& failure) {
    page.problem = "no answer from " + address + ": " + failure.code().message();
  }
  return page;
}

}  // namespace sluice::commands
