#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run-wine-32.sh PREFIX PROGRAM [ARGUMENT...]: as run-wine.sh, for a 32-bit program. Ends with 77 where this machine's Wine
# runs none: left to itself, it would then end with 0 without having run the program.
set -eu

run_wine=${0%/*}/run-wine.sh
prefix=${WINEPREFIX:-$1}
# Sets the prefix up where it is new; a Wine that has a 32-bit half puts it there.
"$run_wine" "$prefix" cmd.exe /c exit 0 </dev/null >/dev/null 2>&1
if [ ! -f "$prefix/drive_c/windows/syswow64/ntdll.dll" ]; then
    echo "skipped: this machine's Wine runs no 32-bit programs; Debian has what it needs for that in wine32, of the architecture i386"
    exit 77
fi
exec "$run_wine" "$@"
