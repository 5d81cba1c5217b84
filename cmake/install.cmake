# SPDX-License-Identifier: MIT
#
# What `cmake --install` puts where, such that find_package(async_socket) and `pkg-config async_socket` find it. The
# components: `runtime`, what a program needs to run; `dev`, what is needed to build one; `tool`, which is asock with its
# manual page and its completion (tools/asock); and the licence, which goes with each of them.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

if(WIN32)
    set(platform win32)
    set(other_platform linux)
else()
    set(platform linux)
    set(other_platform win32)
endif()

install(TARGETS async_socket EXPORT async_socketTargets
    RUNTIME COMPONENT runtime
    LIBRARY COMPONENT runtime NAMELINK_COMPONENT dev
    ARCHIVE COMPONENT dev
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
)

install(
    DIRECTORY
        "${PROJECT_SOURCE_DIR}/include/async_socket"
        "${PROJECT_SOURCE_DIR}/src/${platform}/public/async_socket"
        "${ASYNC_SOCKET_GENERATED_DIR}/async_socket"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    COMPONENT dev
    FILES_MATCHING
        PATTERN "*.h"
        PATTERN "*.hpp"
        PATTERN "*_${other_platform}.h" EXCLUDE
)

set(package_directory "${CMAKE_INSTALL_LIBDIR}/cmake/async_socket")

install(EXPORT async_socketTargets NAMESPACE async_socket:: DESTINATION "${package_directory}" COMPONENT dev)

# What the C++ compiler links by itself and the C compiler does not.
set(ASYNC_SOCKET_CXX_RUNTIME ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(REMOVE_ITEM ASYNC_SOCKET_CXX_RUNTIME ${CMAKE_C_IMPLICIT_LINK_LIBRARIES})
list(REMOVE_DUPLICATES ASYNC_SOCKET_CXX_RUNTIME)

configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/async_socketConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/async_socketConfig.cmake"
    INSTALL_DESTINATION "${package_directory}"
    NO_SET_AND_CHECK_MACRO
)
# Until 1.0 a minor version may change what programs see.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/async_socketConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(
    FILES
        "${PROJECT_BINARY_DIR}/async_socketConfig.cmake"
        "${PROJECT_BINARY_DIR}/async_socketConfigVersion.cmake"
    DESTINATION "${package_directory}"
    COMPONENT dev
)

include("${CMAKE_CURRENT_LIST_DIR}/pkg_config.cmake")
async_socket_write_pkg_config("${PROJECT_BINARY_DIR}/async_socket.pc")
install(FILES "${PROJECT_BINARY_DIR}/async_socket.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT dev)

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT licence)
