# SPDX-License-Identifier: MIT
#
# One test of CMakeLists.txt beside this file: builds a stranger's project against the library and runs its program.

function(run)
    execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "failed: ${ARGN}")
    endif()
endfunction()

function(configure source binary)
    set(settings "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}")
    if(TOOLCHAIN)
        list(APPEND settings "-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}")
    else()
        list(APPEND settings "-DCMAKE_C_COMPILER=${C_COMPILER}" "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}")
    endif()
    run("${CMAKE_COMMAND}" -S "${source}" -B "${binary}" -G "${GENERATOR}" ${settings} ${ARGN})
    run("${CMAKE_COMMAND}" --build "${binary}" --config "${BUILD_TYPE}")
endfunction()

# What an earlier run has installed or found must not help this one.
set(prefix "${WORK}/prefix")
set(stranger "${WORK}/stranger")
file(REMOVE_RECURSE "${prefix}" "${stranger}")

if(WAY STREQUAL "subdirectory")
    configure("${STRANGERS}/subdirectory" "${stranger}" "-DASYNC_SOCKET_SOURCE_DIR=${SOURCE}")
else()
    if(WAY STREQUAL "installed_shared")
        set(BUILD "${WORK}/library")
        configure("${SOURCE}" "${BUILD}" -DBUILD_SHARED_LIBS=ON -DASYNC_SOCKET_BUILD_TESTS=OFF
            -DASYNC_SOCKET_BUILD_TOOLS=OFF -DASYNC_SOCKET_BUILD_EXAMPLES=OFF)
    endif()
    run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
    configure("${STRANGERS}/installed" "${stranger}" "-DCMAKE_PREFIX_PATH=${prefix}")
    # Where a DLL is looked for, by Windows itself and under Wine.
    set(ENV{PATH} "$ENV{PATH}:${prefix}/bin")
    set(ENV{WINEPATH} "${prefix}/bin")
endif()

file(GLOB programs "${stranger}/stranger_in_c*" "${stranger}/stranger_in_cpp*")
list(FILTER programs EXCLUDE REGEX "\\.(pdb|ilk)$")
list(LENGTH programs count)
if(NOT count EQUAL 2)
    message(FATAL_ERROR "two programs expected, but there are: ${programs}")
endif()
foreach(program IN LISTS programs)
    run(${EMULATOR} "${program}")
endforeach()
