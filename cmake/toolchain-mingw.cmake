# SPDX-License-Identifier: MIT
#
# Builds for Windows with MinGW-w64 (the variant with POSIX threads, which has std::thread and std::mutex) and runs what it
# has built under Wine. 64-bit Windows, unless toolchain-mingw-32.cmake includes this file.

if(NOT mingw_processor)
    set(mingw_processor x86_64)
    set(mingw_emulator run-wine.sh)
endif()
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR ${mingw_processor})

set(CMAKE_C_COMPILER ${mingw_processor}-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER ${mingw_processor}-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER ${mingw_processor}-w64-mingw32-windres)

# What the user points at counts as built for Windows, too.
set(CMAKE_FIND_ROOT_PATH /usr/${mingw_processor}-w64-mingw32 ${CMAKE_PREFIX_PATH})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# The compiler's own libraries are linked in: a program then runs wherever it is copied, without a search for DLLs.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-static")

# Windows 10 or later.
set(CMAKE_C_FLAGS_INIT "-D_WIN32_WINNT=0x0A00")
set(CMAKE_CXX_FLAGS_INIT "-D_WIN32_WINNT=0x0A00")

get_property(async_socket_in_try_compile GLOBAL PROPERTY IN_TRY_COMPILE)
if(NOT async_socket_in_try_compile)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_CURRENT_LIST_DIR}/${mingw_emulator};${CMAKE_BINARY_DIR}/wine")
endif()
