#!/bin/sh
# SPDX-License-Identifier: MIT
#
# run-wine.sh PREFIX PROGRAM [ARGUMENT...]: runs a Windows program under Wine. PREFIX is the directory of Wine's
# state, made at first use; an environment variable WINEPREFIX takes precedence. What the program prints on standard
# error is printed there; what Wine itself has to say is added to the file messages.log in PREFIX.
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

# Without a C compiler, or where ld.so would take the path for two, Wine's messages stay among the program's.
messages_source=${0%/*}/wine_messages.c
messages_library=$WINEPREFIX/wine_messages.so
case $messages_library in
    *[\ :]*) messages_library= ;;
    *) command -v cc >/dev/null 2>&1 || messages_library= ;;
esac
has_library() {
    [ -z "$messages_library" ] || { [ -f "$messages_library" ] && [ ! "$messages_source" -nt "$messages_library" ]; }
}

# Programs that start at the same time on a new prefix would each set it up: the lock lets the first one do it.
if [ ! -f "$WINEPREFIX/.ready" ] || ! has_library; then
    mkdir -p "$WINEPREFIX"
    (
        flock 9
        if ! has_library; then
            cc -shared -fPIC -O2 -o "$messages_library.new" "$messages_source"
            mv "$messages_library.new" "$messages_library"
        fi
        if [ ! -f "$WINEPREFIX/.ready" ]; then
            "$wine" wineboot --init </dev/null >"$WINEPREFIX/messages.log" 2>&1 9>&-
            touch "$WINEPREFIX/.ready"
        fi
    ) 9>"$WINEPREFIX/.lock"
fi

if [ -n "$messages_library" ]; then
    export ASYNC_SOCKET_WINE_MESSAGES="$WINEPREFIX/messages.log"
    export LD_PRELOAD="$messages_library${LD_PRELOAD:+:$LD_PRELOAD}"
fi
exec "$wine" "$@"
