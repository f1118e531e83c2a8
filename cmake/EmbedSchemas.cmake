# cmake -D OUTPUT=file.cpp -P EmbedSchemas.cmake file...
# Writes the table of crds/schemas.hpp, each file as a raw string literal, so that no escaping can
# change it. The kind is the one that the file itself names.
set(code "// Made from crds/schema by cmake/EmbedSchemas.cmake.\n#include \"crds/schemas.hpp\"\n\n#include <array>\n\nnamespace sluice::crds {\nnamespace {\n\nconstexpr std::array crds = {\n")
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 5 ${last})
  set(file "${CMAKE_ARGV${i}}")
  file(READ "${file}" text)
  if(NOT text MATCHES "\n  names:\n    kind: ([A-Za-z]+)\n")
    message(FATAL_ERROR "${file}: no kind")
  endif()
  set(kind "${CMAKE_MATCH_1}")
  get_filename_component(name "${file}" NAME)
  string(APPEND code "    EmbeddedCrd{\"${kind}\", \"${name}\", R\"yaml(${text})yaml\"},\n")
endforeach()
string(APPEND code "};\n\n}  // namespace\n\nstd::span<const EmbeddedCrd> embedded_crds() {\n  return crds;\n}\n\n}  // namespace sluice::crds\n")
file(WRITE ${OUTPUT} "${code}")
