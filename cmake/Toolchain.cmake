# Language level, warnings, sanitizers and the options that the presets set.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(SLUICE_TESTS "Build the tests" ON)
option(SLUICE_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(SLUICE_COVERAGE "Instrument for gcov" OFF)
set(SLUICE_SANITIZE "" CACHE STRING "Value of -fsanitize= for everything we compile, or empty")

# ccache makes the second build quick; its absence changes nothing but time.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# Warnings are errors, in our own code only: dependencies come in as system headers.
add_library(sluice_warnings INTERFACE)
# A designated initialiser that leaves members to their defaults says what it means.
target_compile_options(sluice_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Wno-missing-field-initializers -Werror)

if(SLUICE_SANITIZE)
  add_compile_options(-fsanitize=${SLUICE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SLUICE_SANITIZE})
endif()
if(SLUICE_FUZZ)
  # Coverage for libFuzzer in the libraries too; only the fuzz targets get its main().
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(SLUICE_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
