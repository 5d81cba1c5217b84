# SPDX-License-Identifier: MIT
#
# Run by cpack on what is about to be packed: Debian wants manual pages and changelogs compressed, the same each time.

file(GLOB_RECURSE documents "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*")
list(FILTER documents INCLUDE REGEX "/(man1/[^/]+\\.1|changelog|changelog\\.Debian)$")
foreach(document IN LISTS documents)
    execute_process(COMMAND gzip -9 --no-name "${document}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
