# SPDX-License-Identifier: MIT
#
# One test of CMakeLists.txt beside this file: builds a stranger's project against the library and runs its program.

include("${CMAKE_CURRENT_LIST_DIR}/stranger.cmake")

# What an earlier run has installed or found must not help this one.
set(prefix "${WORK}/prefix")
set(stranger "${WORK}/stranger")
file(REMOVE_RECURSE "${WORK}/installed" "${prefix}" "${stranger}")

if(WAY STREQUAL "subdirectory")
    configure("${STRANGERS}/subdirectory" "${stranger}" "-DASYNC_SOCKET_SOURCE_DIR=${SOURCE}")
    build("${stranger}")
    run_strangers("${stranger}")
    return()
endif()

if(CONFIGURE_BUILD)
    # The prefix is new to a build that has been made for another one.
    configure("${SOURCE}" "${BUILD}" "-DCMAKE_INSTALL_PREFIX=${WORK}/installed" -DBUILD_SHARED_LIBS=ON
        -DASYNC_SOCKET_BUILD_TESTS=OFF -DASYNC_SOCKET_BUILD_EXAMPLES=OFF ${CONFIGURE_BUILD})
    build("${BUILD}")
endif()
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/installed")
# What is installed can be moved.
file(RENAME "${WORK}/installed" "${prefix}")

if(WAY MATCHES "shared" AND NOT TOOLCHAIN)
    run("${prefix}/bin/asock" --version)
endif()
use_by_cmake("${prefix}" "${stranger}/cmake")
if(NOT TOOLCHAIN)
    use_by_cmake_in_c("${prefix}" "${stranger}/cmake_in_c")
endif()
use_by_pkg_config("${prefix}" "${stranger}/pkg_config")
