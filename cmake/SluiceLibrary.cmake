# sluice_library(<folder> [links...]): every .cpp of the folder becomes the library sluice_<folder>.
function(sluice_library folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(sluice_${folder} STATIC ${sources})
  target_include_directories(sluice_${folder} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(sluice_${folder} PUBLIC ${ARGN} PRIVATE sluice_warnings)
endfunction()
