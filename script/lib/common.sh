# SPDX-License-Identifier: MIT
#
# Sourced by the scripts of the directory above.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build_root=${ASYNC_SOCKET_BUILD_DIR:-$project/build}
jobs=$(nproc)

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# The directories that hold code of the project, those that exist.
source_directories() {
    local directory
    for directory in include src tools tests examples bench packaging; do
        if [ -d "$project/$directory" ]; then
            printf '%s\n' "$project/$directory"
        fi
    done
}
