# SPDX-License-Identifier: MIT
#
# Builds and runs the strangers with the library as it lies below PREFIX.

include("${CMAKE_CURRENT_LIST_DIR}/stranger.cmake")

file(REMOVE_RECURSE "${WORK}")
use_by_cmake("${PREFIX}" "${WORK}/cmake")
use_by_pkg_config("${PREFIX}" "${WORK}/pkg_config")
