# SPDX-License-Identifier: MIT
#
# How a stranger builds and runs a program with the installed library. Included by scripts that are given STRANGERS, the
# directory of this file, and what the build that runs the tests is made with: GENERATOR, BUILD_TYPE, TOOLCHAIN,
# C_COMPILER, CXX_COMPILER, PKG_CONFIG and EMULATOR.

function(run)
    execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "failed (${status}): ${ARGN}")
    endif()
endfunction()

# A program for Windows cannot end by SIGKILL: on a busy machine it is Wine's server that kills one while it ends. Then it
# is run again.
function(run_emulated)
    foreach(trial RANGE 1 3)
        execute_process(COMMAND ${EMULATOR} ${ARGN} COMMAND_ECHO STDOUT RESULT_VARIABLE status)
        if(NOT EMULATOR OR NOT status STREQUAL "Subprocess killed")
            break()
        endif()
        message(STATUS "killed by Wine's server")
    endforeach()
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "failed (${status}): ${EMULATOR} ${ARGN}")
    endif()
endfunction()

# It is not the code of the library that is tested here: what is compiled faster is good enough.
function(configure source binary)
    set(settings "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}" -DCMAKE_CXX_FLAGS_RELEASE=-O0)
    if(NOT EXISTS "${binary}/CMakeCache.txt")
        list(APPEND settings -G "${GENERATOR}")
    endif()
    if(TOOLCHAIN)
        list(APPEND settings "-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}")
    else()
        list(APPEND settings "-DCMAKE_C_COMPILER=${C_COMPILER}" "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}")
    endif()
    run("${CMAKE_COMMAND}" -S "${source}" -B "${binary}" ${settings} ${ARGN})
endfunction()

function(build binary)
    run("${CMAKE_COMMAND}" --build "${binary}" --config "${BUILD_TYPE}")
endfunction()

# The two programs of `directory`.
function(run_strangers directory)
    file(GLOB programs "${directory}/stranger_in_c*" "${directory}/stranger_in_cpp*")
    list(FILTER programs EXCLUDE REGEX "\\.(pdb|ilk)$")
    list(LENGTH programs count)
    if(NOT count EQUAL 2)
        message(FATAL_ERROR "two programs expected, but there are: ${programs}")
    endif()
    foreach(program IN LISTS programs)
        run_emulated("${program}")
    endforeach()
endfunction()

# Where a DLL is looked for, by Windows itself and under Wine.
function(look_for_dlls_in)
    list(JOIN ARGN ":" directories)
    set(ENV{PATH} "$ENV{PATH}:${directories}")
    list(JOIN ARGN ";" directories)
    set(ENV{WINEPATH} "${directories}")
endfunction()

function(use_by_cmake prefix directory)
    configure("${STRANGERS}/installed" "${directory}" "-DCMAKE_PREFIX_PATH=${prefix}" ${ARGN})
    build("${directory}")
    look_for_dlls_in("${prefix}/bin")
    run_strangers("${directory}")
endfunction()

function(use_by_cmake_in_c prefix directory)
    configure("${STRANGERS}/installed_in_c" "${directory}" "-DCMAKE_PREFIX_PATH=${prefix}" ${ARGN})
    build("${directory}")
    look_for_dlls_in("${prefix}/bin")
    run_emulated("${directory}/stranger_in_c")
endfunction()

# pkg_config(VARIABLE ARGUMENT...): what pkg-config prints, as a list
function(pkg_config variable)
    execute_process(COMMAND "${PKG_CONFIG}" ${ARGN} async_socket
        COMMAND_ECHO STDOUT OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    set(${variable} ${flags} PARENT_SCOPE)
endfunction()

# Compiles and links with nothing but what pkg-config says.
function(use_by_pkg_config prefix directory)
    file(GLOB_RECURSE description "${prefix}/lib/*/async_socket.pc")
    cmake_path(GET description PARENT_PATH descriptions)
    if(TOOLCHAIN)
        set(ENV{PKG_CONFIG_LIBDIR} "${descriptions}")
    else()
        set(ENV{PKG_CONFIG_PATH} "${descriptions}")
    endif()
    pkg_config(version --modversion)
    pkg_config(cflags --cflags ${ARGN})
    pkg_config(libs --libs ${ARGN})
    if(TOOLCHAIN AND WAY MATCHES "static")
        # For the runtime of the compiler; a program then needs no DLL.
        list(APPEND libs -static)
    endif()
    cmake_path(GET description PARENT_PATH libraries)
    cmake_path(GET libraries PARENT_PATH libraries)

    file(MAKE_DIRECTORY "${directory}")
    run("${C_COMPILER}" -std=c11 "${STRANGERS}/stranger.c" -o "${directory}/stranger_in_c.exe" ${cflags} ${libs})
    run("${CXX_COMPILER}" -std=c++20 "${STRANGERS}/stranger.cpp" -o "${directory}/stranger_in_cpp.exe" ${cflags} ${libs})

    set(dlls "${prefix}/bin")
    if(TOOLCHAIN)
        foreach(dll libgcc_s_seh-1.dll libstdc++-6.dll libwinpthread-1.dll)
            execute_process(COMMAND "${CXX_COMPILER}" "-print-file-name=${dll}"
                OUTPUT_VARIABLE file OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
            cmake_path(GET file PARENT_PATH dll_directory)
            list(APPEND dlls "${dll_directory}")
        endforeach()
    endif()
    look_for_dlls_in(${dlls})
    set(ENV{LD_LIBRARY_PATH} "${libraries}")
    run_strangers("${directory}")

    # As those do who link statically wherever they can; with a shared library it comes to the same.
    pkg_config(libs --static --libs ${ARGN})
    if(NOT TOOLCHAIN)
        run("${C_COMPILER}" -std=c11 "${STRANGERS}/stranger.c" -o "${directory}/stranger_static" ${cflags} ${libs})
        run("${directory}/stranger_static")
    endif()
    set(ENV{LD_LIBRARY_PATH} "")
endfunction()
