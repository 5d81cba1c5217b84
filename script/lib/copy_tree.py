# SPDX-License-Identifier: MIT
"""copy_tree.py FROM TO: makes one tree of sources like another, but for what is built there.

A file that has not changed is not touched, so that a build that was kept there goes on.
"""

import filecmp
import os
import pathlib
import shutil
import subprocess
import sys

KEPT = {"build", ".git"}


def files_of(tree):
    """What git knows or would take; without git, all but what is built."""
    git = ["git", "-c", "safe.directory=*", "-C", tree, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(git, capture_output=True, text=True, check=True).stdout
        paths = [path for path in listing.split("\0") if path]
    except (OSError, subprocess.CalledProcessError):
        paths = walk(tree)
    return {path for path in paths if (tree / path).is_file()}


def walk(tree):
    for directory, directories, files in os.walk(tree):
        if pathlib.Path(directory) == tree:
            directories[:] = [name for name in directories if name not in KEPT]
        yield from (os.path.relpath(os.path.join(directory, name), tree) for name in files)


def is_like(one, other):
    return other.is_file() and filecmp.cmp(one, other, shallow=False) and one.stat().st_mode == other.stat().st_mode


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    wanted = files_of(source)
    for path in wanted:
        if not is_like(source / path, target / path):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, target / path)
            shutil.copymode(source / path, target / path)
    for path in set(walk(target)) - wanted:
        (target / path).unlink()


if __name__ == "__main__":
    main()
