# SPDX-License-Identifier: MIT
#
# What `cpack` makes: of a shared library on Debian and its relatives three packages (preset `debian`), of anything else
# one archive of all that is installed.

set(CPACK_PACKAGE_NAME async_socket)
set(CPACK_PACKAGE_VENDOR "async_socket authors")
set(ASYNC_SOCKET_PACKAGE_CONTACT "async_socket authors <async_socket@localhost>"
    CACHE STRING "Who answers for the packages that cpack makes")
set(CPACK_PACKAGE_CONTACT "${ASYNC_SOCKET_PACKAGE_CONTACT}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR TGZ)

find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(DPKG_SHLIBDEPS)
if(NOT BUILD_SHARED_LIBS OR NOT DPKG_SHLIBDEPS OR NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
    include(CPack)
    return()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(version "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")
set(runtime_package "libasync-socket${ASYNC_SOCKET_SOVERSION}")
set(dev_package libasync-socket-dev)
set(tool_package asock)

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(cmake/debian/changelog.in debian/changelog.Debian @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/debian/compress.cmake")

# A package is a group of components: each also has what Debian wants in the directory of its name.
set(packages runtime dev)
if(ASYNC_SOCKET_BUILD_TOOLS)
    list(APPEND packages tool)
endif()
foreach(package IN LISTS packages)
    set(documents "${CMAKE_INSTALL_DATAROOTDIR}/doc/${${package}_package}")
    install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${documents}" RENAME copyright
        COMPONENT ${package}_documents EXCLUDE_FROM_ALL)
    install(FILES "${PROJECT_SOURCE_DIR}/CHANGELOG.md" DESTINATION "${documents}" RENAME changelog
        COMPONENT ${package}_documents EXCLUDE_FROM_ALL)
    install(FILES "${PROJECT_BINARY_DIR}/debian/changelog.Debian" DESTINATION "${documents}"
        COMPONENT ${package}_documents EXCLUDE_FROM_ALL)
    list(APPEND CPACK_COMPONENTS_ALL ${package} ${package}_documents)

    string(TOUPPER "${package}" group)
    set(CPACK_COMPONENT_${group}_GROUP ${package})
    set(CPACK_COMPONENT_${group}_DOCUMENTS_GROUP ${package})
    set(CPACK_DEBIAN_${group}_PACKAGE_NAME "${${package}_package}")
endforeach()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)

set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# asock is linked with the library of this build, which no installed package has.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/src")

# Until 1.0 a minor version may change what programs see: they depend on the version that they were built with.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY =)
# Each package says itself what it is.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")

set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA "${PROJECT_SOURCE_DIR}/cmake/debian/triggers")
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "asynchronous TCP sockets with a lifetime contract - shared library
Asynchronous connect, accept, send and receive over io_uring or epoll: every
accepted operation calls back exactly once, nothing calls back after close, and
close and destroy are legal anywhere, callbacks included.")

set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
# async_socket.pc asks for liburing.pc.
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${runtime_package} (= ${version}), liburing-dev (>= 2.3)")
set(CPACK_DEBIAN_DEV_DESCRIPTION "asynchronous TCP sockets with a lifetime contract - development files
Headers for C and for C++20, where operations are awaited by coroutines, and
what CMake and pkg-config need to find the library.")

set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION net)
set(CPACK_DEBIAN_TOOL_PACKAGE_DEPENDS "${runtime_package} (= ${version})")
set(CPACK_DEBIAN_TOOL_DESCRIPTION "move files and measure servers over asynchronous TCP sockets
asock sends a file to another machine and compares its SHA-256 there, and is an
echo server and a client that measures one.")

include(CPack)
