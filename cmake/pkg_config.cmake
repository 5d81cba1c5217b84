# SPDX-License-Identifier: MIT
#
# async_socket.pc for the library as this build makes it.

# What the library itself needs at a program's link. Of a shared library it is private, so that a program is not linked
# with it, too. Where there is a static one only, it is part of what every program has to be linked with; a program in C
# would otherwise have to know that the library is in C++.
function(async_socket_write_pkg_config file)
    set(pc_requires "")
    set(pc_libs "")
    if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
        set(pc_requires "liburing >= 2.3")
    elseif(WIN32)
        list(APPEND pc_libs "-lws2_32")
    endif()
    if(NOT MSVC)
        set(runtimes ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
        list(FILTER runtimes INCLUDE REGEX "^(stdc\\+\\+|c\\+\\+)$")
        list(TRANSFORM runtimes PREPEND "-l")
        list(APPEND pc_libs ${runtimes} "-pthread")
    endif()
    list(JOIN pc_libs " " pc_libs)

    get_target_property(type async_socket TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
        set(pc_cflags " -DASYNC_SOCKET_STATIC_DEFINE")
        set(pc_public_libs " ${pc_libs}")
    else()
        set(pc_private ".private")
        set(pc_private_libs "${pc_libs}")
    endif()

    # Found from where the file itself lies, so that what is installed can be moved.
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" NORMALIZE
        OUTPUT_VARIABLE libraries)
    cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY "${libraries}/pkgconfig" OUTPUT_VARIABLE pc_prefix)
    foreach(directory LIB INCLUDE)
        set(pc_${directory}DIR "${CMAKE_INSTALL_${directory}DIR}")
        if(NOT IS_ABSOLUTE "${pc_${directory}DIR}")
            string(PREPEND pc_${directory}DIR "\${prefix}/")
        endif()
    endforeach()

    configure_file("${PROJECT_SOURCE_DIR}/cmake/async_socket.pc.in" "${file}" @ONLY)
endfunction()
