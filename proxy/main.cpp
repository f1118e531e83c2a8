// SPDX-License-Identifier: Apache-2.0
#include "proxy/command_line.hpp"

int main(int argc, char** argv) {
  return sluice::proxy::run_command_line(argc, argv);
}
