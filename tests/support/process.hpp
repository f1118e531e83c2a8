// SPDX-License-Identifier: Apache-2.0
// A child process of a test: its output is kept, and it never outlives the test, not even one that
// is killed.
//
//   const auto dig = run({.arguments = {"dig", "@127.0.0.1", "example.com"}}, 5s);
//   REQUIRE(dig.exit_code == 0);
//
//   Process server({.arguments = {"coredns", "-conf", "Corefile"}});
//   REQUIRE(server.wait_for_output("CoreDNS-", 10s));
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace sluice::tests {

struct Command {
  std::vector<std::string> arguments;              ///< the program first, looked up in PATH
  std::map<std::string, std::string> environment;  ///< on top of the test's own
  std::filesystem::path directory;                 ///< to start in; empty: the test's own
};

/// A file descriptor that is closed when its owner goes.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Standard input is empty. Standard output and standard error go into memory, whatever their size.
class Process {
 public:
  /// Throws std::system_error if the program cannot be started.
  explicit Process(const Command& command);
  /// Kills it if it still runs, and collects it.
  ~Process();
  Process(Process&&) noexcept = default;
  Process& operator=(Process&&) = delete;

  void signal(int number) const;
  /// The exit code, 128 + signal for one that was killed, or nothing if it still runs by then.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  /// Until standard output and standard error together contain the text; false if it ends or the
  /// time is over before.
  bool wait_for_output(const std::string& text, std::chrono::milliseconds timeout);

  /// All that was written so far.
  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string errors() const;

 private:
  Descriptor output_;
  Descriptor errors_;
  pid_t pid_ = -1;
  Descriptor handle_;  ///< a pidfd: readable once the process has ended, and never another process
  std::optional<int> exit_code_;
};

struct Outcome {
  int exit_code = 0;
  std::string output;
  std::string errors;
};

/// Runs a command to its end. Throws std::runtime_error if that takes too long.
Outcome run(const Command& command, std::chrono::milliseconds timeout);

/// Whether a program of that name is in PATH: where it is not, a test SKIPs.
bool has_program(const std::string& name);

}  // namespace sluice::tests
