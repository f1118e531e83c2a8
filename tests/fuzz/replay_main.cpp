// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target once over each file of the directories given: the corpus, as it is, and
// packets written as .hex. So that what a fuzzer once found is tested everywhere, without a fuzzer.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/hex_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

sluice::tests::Octets read_input(const std::filesystem::path& path) {
  if (path.extension() == ".hex") return sluice::tests::read_hex_file(path).octets;
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      const auto input = read_input(entry.path());
      LLVMFuzzerTestOneInput(input.data(), input.size());
      ++inputs;
    }
  }
  std::printf("%zu inputs\n", inputs);
  return inputs == 0 ? 1 : 0;
}
