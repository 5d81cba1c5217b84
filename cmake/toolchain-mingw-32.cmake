# SPDX-License-Identifier: MIT
#
# As toolchain-mingw.cmake, for 32-bit Windows.

set(mingw_processor i686)
set(mingw_emulator run-wine-32.sh)
include("${CMAKE_CURRENT_LIST_DIR}/toolchain-mingw.cmake")
