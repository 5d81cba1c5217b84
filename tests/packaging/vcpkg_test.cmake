# SPDX-License-Identifier: MIT
#
# Carries out the port as it stands, with stand-ins for vcpkg's functions that do the same with plain CMake, and builds a
# program as the port's `usage` says. PORT_DIRECTORY is the port beside a release archive.

cmake_minimum_required(VERSION 3.25)

include("${STRANGERS}/stranger.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/vcpkg_stand_in.cmake")

file(READ "${PORT_DIRECTORY}/vcpkg.json" manifest)
string(JSON PORT GET "${manifest}" name)
string(JSON VERSION GET "${manifest}" version)
string(JSON license GET "${manifest}" license)
if(NOT license STREQUAL "MIT")
    message(FATAL_ERROR "vcpkg.json: the licence is ${license}")
endif()
# Windows computes SHA-256 itself, and vcpkg has libgcrypt for MinGW only.
string(JSON digests GET "${manifest}" features tool dependencies 1)
string(JSON library GET "${digests}" name)
string(JSON platform GET "${digests}" platform)
if(NOT library STREQUAL "libgcrypt" OR NOT platform STREQUAL "!windows")
    message(FATAL_ERROR "vcpkg.json: ${library} is for ${platform}")
endif()

set(CURRENT_PACKAGES_DIR "${WORK}/vcpkg")
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}" "${WORK}/vcpkg_main")
set(FEATURES core)
include("${PORT_DIRECTORY}/portfile.cmake")

foreach(file
    include/async_socket/async_socket.h
    include/async_socket/async_socket.hpp
    lib/libasync_socket.a
    lib/pkgconfig/async_socket.pc
    share/async_socket/async_socketConfig.cmake
    share/${PORT}/copyright
    share/${PORT}/usage
)
    if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/${file}")
        message(FATAL_ERROR "the port has not installed ${file}")
    endif()
endforeach()
foreach(directory debug/include debug/share lib/cmake share/doc bin)
    if(EXISTS "${CURRENT_PACKAGES_DIR}/${directory}")
        message(FATAL_ERROR "the port has left ${directory}, which vcpkg complains of")
    endif()
endforeach()

# The program of somebody who has copied what `usage` says.
file(STRINGS "${CURRENT_PACKAGES_DIR}/share/${PORT}/usage" usage REGEX "^    ")
list(POP_FRONT usage find)
list(JOIN usage "\n" link)
file(CONFIGURE OUTPUT "${WORK}/vcpkg_main/CMakeLists.txt" @ONLY CONTENT [[
cmake_minimum_required(VERSION 3.25)
project(main LANGUAGES C CXX)
@find@
add_executable(main "@STRANGERS@/stranger.cpp")
@link@
]])
configure("${WORK}/vcpkg_main" "${WORK}/vcpkg_main/build" "-DCMAKE_PREFIX_PATH=${CURRENT_PACKAGES_DIR}")
build("${WORK}/vcpkg_main/build")
run("${WORK}/vcpkg_main/build/main")

vcpkg_check_features(OUT_FEATURE_OPTIONS without FEATURES tool ASYNC_SOCKET_BUILD_TOOLS)
list(APPEND FEATURES tool)
vcpkg_check_features(OUT_FEATURE_OPTIONS with FEATURES tool ASYNC_SOCKET_BUILD_TOOLS)
if(NOT without STREQUAL "-DASYNC_SOCKET_BUILD_TOOLS=OFF" OR NOT with STREQUAL "-DASYNC_SOCKET_BUILD_TOOLS=ON")
    message(FATAL_ERROR "the stand-in for vcpkg_check_features is wrong: ${without}, ${with}")
endif()
