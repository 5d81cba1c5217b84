# SPDX-License-Identifier: MIT
"""Wine's own server process, which does a part of the work of each Windows program."""

import os
import pathlib
import subprocess


def servers_of(prefix):
    """The processes that serve the programs of the prefix: Wine names their directory by the prefix's inode."""
    status = os.stat(prefix)
    directory = f"server-{status.st_dev:x}-{status.st_ino:x}"
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text().startswith("wineserver") and os.readlink(process / "cwd").endswith(directory):
                found.append(int(process.name))
        except OSError:
            continue  # it has ended meanwhile, or is somebody else's
    return found


def end(prefix):
    """Ends what Wine has left running for the prefix."""
    for name in ("wineserver", "/usr/lib/wine/wineserver64", "/usr/lib/wine/wineserver"):
        try:
            subprocess.run([name, "-k"], env=dict(os.environ, WINEPREFIX=str(prefix)), check=False)
            return
        except FileNotFoundError:
            continue


def version():
    for name in ("/usr/lib/wine/wine64", "wine64", "wine"):
        try:
            return subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout.strip()
        except FileNotFoundError:
            continue
    return ""
