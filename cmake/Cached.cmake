# What tools/build_* leave in the user's cache, so that a second clone finds it.

# Where tools/lib.sh keeps it.
set(SLUICE_CACHE $ENV{HOME}/.cache/sluice)
if(DEFINED ENV{XDG_CACHE_HOME})
  set(SLUICE_CACHE $ENV{XDG_CACHE_HOME}/sluice)
endif()

# sluice_cached_home(<variable> <name> <source>...): the directory of what is built from these files,
# as hash_of in tools/lib.sh names it.
function(sluice_cached_home variable name)
  foreach(source ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(READ ${source} text)
    string(APPEND texts "${text}")
  endforeach()
  string(SHA256 hash "${texts}")
  string(SUBSTRING ${hash} 0 16 hash)
  set(${variable} ${SLUICE_CACHE}/${name}-${hash} PARENT_SCOPE)
endfunction()
