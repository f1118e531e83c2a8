// SPDX-License-Identifier: Apache-2.0
#include "tests/demo/demo_queries.hpp"

#include <array>
#include <iostream>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fmt/format.h>

#include "dns/message.hpp"
#include "dns/text.hpp"
#include "tests/support/test_message.hpp"

namespace sluice::demo {
namespace {

namespace asio = boost::asio;

struct DemoQuery {
  const char* pod;
  const char* address;
  const char* question;
};

constexpr std::array queries{
    DemoQuery{"shop-prod/web", "127.0.1.5", "www.shop.example. A"},
    DemoQuery{"shop-prod/web", "127.0.1.5", "ads.tracker.example. A"},
    DemoQuery{"shop-prod/web", "127.0.1.5", "shop.metrics.example. A"},
    DemoQuery{"shop-prod/web", "127.0.1.5", "cloaked.shop.example. A"},
    DemoQuery{"payments/checkout", "127.0.2.5", "www.shop.example. A"},
    DemoQuery{"payments/checkout", "127.0.2.5", "api.psp.example. A"},
    DemoQuery{"payments/checkout", "127.0.2.5", "orders.payments.svc.cluster.local. A"},
    DemoQuery{"payments/checkout", "127.0.2.5", "evil.malware.example. A"},
    DemoQuery{"ci-forks/build", "127.0.3.5", "www.shop.example. TXT"},
    DemoQuery{"ci-forks/build", "127.0.3.5", "new.paste.example. A"},
    DemoQuery{"nobody Sluice knows", "127.0.9.9", "www.shop.example. A"},
};

/// One query with EDNS, so that the answer may say why. Nothing when none came in time.
std::optional<tests::Octets> ask(const DemoQuery& query, std::uint16_t port) {
  asio::io_context context;
  asio::ip::udp::socket socket(context, {asio::ip::make_address(query.address), 0});
  tests::QueryOptions options;
  options.edns = dns::OptOut{};
  const auto message = tests::make_query(query.question, options);
  socket.send_to(asio::buffer(message), {asio::ip::make_address("127.0.0.1"), port});
  tests::Octets answer(4096);
  std::optional<std::size_t> size;
  socket.async_receive(asio::buffer(answer),
                       [&](const boost::system::error_code& error, std::size_t received) {
                         if (!error) size = received;
                       });
  context.run_for(std::chrono::seconds(5));
  if (!size) return std::nullopt;
  answer.resize(*size);
  return answer;
}

/// The last address or name of the answer section; what a person looks for.
std::string result_of(std::span<const std::uint8_t> answer) {
  std::string result;
  dns::RecordReader records(answer);
  while (const dns::Record* record = records.next()) {
    if (record->section == dns::Section::answer) result = dns::rdata_to_text(answer, *record);
  }
  return result;
}

std::string reason_of(std::span<const std::uint8_t> answer) {
  dns::RecordReader records(answer);
  while (const dns::Record* record = records.next()) {
    if (record->type != dns::Type::opt) continue;
    const auto edns =
        dns::parse_edns({.payload_size = 0, .ttl = record->ttl, .options = records.rdata()});
    if (!edns || !edns->error) break;
    return fmt::format("{} (EDE {})", edns->error->text, static_cast<unsigned>(edns->error->code));
  }
  return "allowed";
}

}  // namespace

const char* const zone = R"(
example. 300 SOA ns.example. hostmaster.example. 1 3600 600 86400 60
www.shop.example. 300 A 198.51.100.10
www.shop.example. 300 TXT "hello"
cloaked.shop.example. 300 CNAME collect.tracker.example.
ads.tracker.example. 300 A 198.51.100.66
collect.tracker.example. 300 A 198.51.100.67
shop.metrics.example. 300 A 198.51.100.11
api.psp.example. 300 CNAME edge.cdn.example.
edge.cdn.example. 60 A 198.51.100.20
evil.malware.example. 300 A 198.51.100.99
new.paste.example. 300 A 198.51.100.40
cluster.local. 30 SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 5
orders.payments.svc.cluster.local. 5 A 10.96.3.7
web.shop-prod.svc.cluster.local. 5 A 10.96.3.8
)";

bool show_queries(std::uint16_t port) {
  std::cout << fmt::format("\n  {:<20} {:<39} {:<9} {:<14} {}\n", "who asks", "for", "answer", "",
                           "why");
  for (const DemoQuery& query : queries) {
    const auto answer = ask(query, port);
    if (!answer) return false;
    std::cout << fmt::format("  {:<20} {:<39} {:<9} {:<14} {}\n", query.pod, query.question,
                             dns::to_text(dns::read_header(*answer).rcode()), result_of(*answer),
                             reason_of(*answer));
  }
  return true;
}

}  // namespace sluice::demo
