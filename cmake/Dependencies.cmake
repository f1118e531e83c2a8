# Everything taken from elsewhere; the reasons stand in docs/adr/0002-dependencies.md.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(yaml-cpp REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
if(SLUICE_TESTS)
  find_package(Catch2 3 REQUIRED)
endif()

# Asio with OpenSSL, header only.
add_library(sluice_asio INTERFACE)
target_link_libraries(sluice_asio INTERFACE Boost::headers Threads::Threads OpenSSL::SSL)
target_compile_definitions(sluice_asio INTERFACE BOOST_ASIO_NO_DEPRECATED)
