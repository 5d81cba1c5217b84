#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run-wine.sh PREFIX PROGRAM [ARGUMENT...]: runs a Windows program under Wine. PREFIX is the directory of Wine's
# state, made at first use; an environment variable WINEPREFIX takes precedence.
set -eu

prefix=$1
shift
# Wine runs programs of this machine, too, and then loses their exit status: a test of such a program would always pass.
case ${1-} in
    *.exe) ;;
    *)
        echo "run-wine.sh: ${1-} is no program for Windows" >&2
        exit 2
        ;;
esac
: "${WINEPREFIX:=$prefix}"
: "${WINEDEBUG:=-all}"
# No offer to install Mono and Gecko, which no program here uses.
: "${WINEDLLOVERRIDES:=mscoree,mshtml=}"
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES

wine=wine
for candidate in /usr/lib/wine/wine64 wine64; do
    # Debian's `wine` prints a warning about the missing 32-bit half each time it is run.
    if command -v "$candidate" >/dev/null 2>&1; then
        wine=$candidate
        break
    fi
done

# Programs that start at the same time on a new prefix would each set it up: the lock lets the first one do it.
if [ ! -f "$WINEPREFIX/.ready" ]; then
    mkdir -p "$WINEPREFIX"
    (
        flock 9
        if [ ! -f "$WINEPREFIX/.ready" ]; then
            "$wine" wineboot --init </dev/null >/dev/null 2>&1 9>&-
            touch "$WINEPREFIX/.ready"
        fi
    ) 9>"$WINEPREFIX/.lock"
fi

exec "$wine" "$@"
