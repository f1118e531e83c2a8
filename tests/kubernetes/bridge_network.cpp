// SPDX-License-Identifier: Apache-2.0
#include "tests/kubernetes/bridge_network.hpp"

#include <chrono>
#include <stdexcept>

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;

bool is_v6(const std::string& address) {
  return address.find(':') != std::string::npos;
}

/// Without duplicate address detection, whose second nobody wants to wait for.
void add_address(std::vector<std::string> command, const std::string& address,
                 const std::string& device) {
  command.insert(command.end(), {"ip", "address", "add", address + (is_v6(address) ? "/64" : "/24"),
                                 "dev", device});
  if (is_v6(address)) command.emplace_back("nodad");
  run_or_throw(command);
}

}  // namespace

std::optional<std::string> missing_network_program() {
  for (const char* name : {"ip", "nft", "nsenter", "unshare", "dig"}) {
    if (!has_program(name)) return std::string(name) + " is not installed";
  }
  return std::nullopt;
}

void run_or_throw(const std::vector<std::string>& arguments) {
  const auto outcome = run({.arguments = arguments, .environment = {}, .directory = {}}, 10s);
  if (outcome.exit_code == 0) return;
  std::string text;
  for (const std::string& argument : arguments)
    text += argument + ' ';
  throw std::runtime_error(text + "fails: " + outcome.errors);
}

BridgeNetwork::BridgeNetwork() {
  run_or_throw({"ip", "link", "add", "pods", "type", "bridge"});
  for (const char* address : {"10.88.0.1", "fd00:88::1"})
    add_address({}, address, "pods");
  run_or_throw({"ip", "link", "set", "pods", "up"});
}

BridgedPod::BridgedPod(const BridgeNetwork& /*unused*/, const std::vector<std::string>& addresses)
    : sandbox_({.arguments = {"unshare", "--net", "sh", "-c", "echo $$.; exec sleep 600"},
                .environment = {},
                .directory = {}}) {
  if (!sandbox_.wait_for_output(".", 10s)) throw std::runtime_error("no pod: " + sandbox_.errors());
  process_id_ = sandbox_.output().substr(0, sandbox_.output().find('.'));
  const std::string link = "pod" + process_id_;
  run_or_throw(
      {"ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", process_id_});
  run_or_throw({"ip", "link", "set", link, "master", "pods", "up"});
  for (const std::string& address : addresses)
    add_address(inside({}), address, "eth0");
  run_or_throw(inside({"ip", "link", "set", "eth0", "up"}));
  run_or_throw(inside({"ip", "route", "add", "default", "via", "10.88.0.1"}));
  run_or_throw(inside({"ip", "-6", "route", "add", "default", "via", "fd00:88::1"}));
}

std::vector<std::string> BridgedPod::inside(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{"nsenter", "--net=/proc/" + process_id_ + "/ns/net"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

Reply BridgedPod::dig(const std::string& server, const std::vector<std::string>& arguments) const {
  auto command = inside({"dig", "@" + server, "+tries=1", "+time=6"});
  command.insert(command.end(), arguments.begin(), arguments.end());
  return Reply(run({.arguments = command, .environment = {}, .directory = {}}, 20s).output);
}

}  // namespace sluice::tests
