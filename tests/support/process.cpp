// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sluice::tests {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

Descriptor make_buffer(const char* name) {
  Descriptor buffer(memfd_create(name, MFD_CLOEXEC));
  if (buffer.number() < 0) fail("memfd_create");
  return buffer;
}

std::string read_all(const Descriptor& buffer) {
  std::string text;
  std::array<char, 16384> block{};
  ssize_t n = 0;
  while ((n = pread(buffer.number(), block.data(), block.size(), static_cast<off_t>(text.size()))) >
         0) {
    text.append(block.data(), static_cast<std::size_t>(n));
  }
  return text;
}

/// `NAME=value` strings, and the pointers to them that exec wants.
class Strings {
 public:
  explicit Strings(std::vector<std::string> values) : values_(std::move(values)) {
    for (auto& value : values_)
      pointers_.push_back(value.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* pointers() const { return pointers_.data(); }

 private:
  std::vector<std::string> values_;
  std::vector<char*> pointers_;
};

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) result.push_back(text);
  }
  for (const auto& [name, value] : added)
    result.push_back(name + '=' + value);
  return result;
}

struct Child {
  const Strings& arguments;
  const Strings& environment;
  const std::filesystem::path& directory;
  int output;
  int errors;
};

/// In the child, between fork and exec: nothing here allocates.
[[noreturn]] void become(const Child& child) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // the test may be killed by its own timeout
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const bool ready = dup2(input, STDIN_FILENO) >= 0 && dup2(child.output, STDOUT_FILENO) >= 0 &&
                     dup2(child.errors, STDERR_FILENO) >= 0 &&
                     (child.directory.empty() || chdir(child.directory.c_str()) == 0);
  if (ready)
    execvpe(*child.arguments.pointers(), child.arguments.pointers(), child.environment.pointers());
  dprintf(STDERR_FILENO, "cannot start %s\n", *child.arguments.pointers());
  _exit(127);
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Process::Process(const Command& command)
    : output_(make_buffer("stdout")), errors_(make_buffer("stderr")) {
  const Strings arguments(command.arguments);
  const Strings environment(merged_environment(command.environment));
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    become({arguments, environment, command.directory, output_.number(), errors_.number()});
  }
  pid_ = pid;
  handle_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (handle_.number() < 0) fail("pidfd_open");
}

Process::~Process() {
  if (handle_.number() < 0 || exit_code_) return;
  signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Process::signal(int number) const {
  syscall(SYS_pidfd_send_signal, handle_.number(), number, nullptr, 0);
}

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
  if (exit_code_) return exit_code_;
  pollfd ended{.fd = handle_.number(), .events = POLLIN, .revents = 0};
  if (poll(&ended, 1, static_cast<int>(timeout.count())) <= 0) return std::nullopt;
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) fail("waitpid");
  exit_code_ = exit_code_of(status);
  return exit_code_;
}

bool Process::wait_for_output(const std::string& text, std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const auto is_there = [&] {
    return output().find(text) != std::string::npos || errors().find(text) != std::string::npos;
  };
  while (!is_there()) {
    const bool ended = wait(std::chrono::milliseconds(5)).has_value();
    if (ended || Clock::now() >= deadline) return is_there();
  }
  return true;
}

std::string Process::output() const {
  return read_all(output_);
}

std::string Process::errors() const {
  return read_all(errors_);
}

Outcome run(const Command& command, std::chrono::milliseconds timeout) {
  Process process(command);
  const auto exit_code = process.wait(timeout);
  if (!exit_code) {
    throw std::runtime_error(command.arguments.front() + " did not end in time; it wrote: " +
                             process.output() + process.errors());
  }
  return {*exit_code, process.output(), process.errors()};
}

bool has_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream directories(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    if (access((std::filesystem::path(directory) / name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace sluice::tests
