# SPDX-License-Identifier: MIT
"""Runs clang-tidy for script/format, on several source files at once.

Most of its time goes into the system's headers, which it looks through once for each source file that it is given. So it
is given files that include a number of source files each, compiled with the same flags and judged by the same rules. Where
the compiler has something to say of such a file, a name that two of them have for one, each half of it is tried.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

MOST_FILES = 12
RULES = ".clang-tidy"
COMPILER_SPEAKS = "[clang-diagnostic-"
NOISE = re.compile(r"warnings? generated|warnings treated as errors|^Suppressed |^Use -header-filter")


def flags_of(entry):
    """What the compiler is told beside which file it reads and writes."""
    words = entry.get("arguments") or shlex.split(entry["command"])
    flags, words = [], iter(words)
    for word in words:
        if word == "-o":
            next(words)
        elif word != "-c" and os.path.normpath(os.path.join(entry["directory"], word)) != os.path.normpath(entry["file"]):
            flags.append(word)
    # Those before the first flag are the compiler and what starts it.
    first = next((number for number, flag in enumerate(flags) if flag.startswith("-")), len(flags))
    return tuple(flags[first:])


def rules_of(file):
    """The nearest file of rules above a source file."""
    places = (parent / RULES for parent in pathlib.Path(file).parents)
    return next((place for place in places if place.exists()), None)


def batches_of(database, directories, most=MOST_FILES):
    """Lists of files below the directories, each with the flags and the directory that its compiler is started with.

    A file that is part of several programs is there once. The tools come first: they have the file that takes longest,
    and at the end it would keep all others waiting.
    """
    roots = tuple(os.path.realpath(directory) + os.sep for directory in directories)
    entries = {}
    for entry in database:
        file = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
        if file.startswith(roots):
            entries.setdefault(file, (flags_of(entry), entry["directory"]))
    groups = {}
    for file in sorted(entries, reverse=True):
        # A C file is compiled in its own language, and a directory may have rules of its own.
        groups.setdefault((*entries[file], pathlib.Path(file).suffix, rules_of(file)), []).append(file)
    for (flags, directory, _, _), files in groups.items():
        for first in range(0, len(files), most):
            yield files[first : first + most], flags, directory


class Tidy:
    def __init__(self, program, project, work):
        self.program = program
        self.project = project
        self.work = work
        self.options = [
            "--quiet",
            f"--header-filter=^{re.escape(str(project))}/(include|src|tools|examples|bench|tests)/",
            # That is what is done here.
            "--checks=-bugprone-suspicious-include",
        ]

    def place_of(self, file):
        """Where a file that includes this one and others is judged by the same rules."""
        place = None
        for parent in file.parents:
            if parent.is_relative_to(self.project) and (parent / RULES).exists():
                copy = self.work / parent.relative_to(self.project) / RULES
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(parent / RULES, copy)
                place = place or copy.parent
        return place

    def findings(self, files, flags, directory):
        """What there is to say about the files."""
        source = files[0]
        if len(files) > 1:
            first = pathlib.Path(files[0])
            name = "_".join(first.relative_to(self.project).with_suffix("").parts)
            source = self.place_of(first) / f"{name}_and_{len(files) - 1}_more{first.suffix}"
            source.write_text("".join(f'#include "{file}"\n' for file in files), encoding="utf-8")
        result = subprocess.run(
            [self.program, *self.options, source, "--", *flags],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if result.returncode == 0:
            return ""
        if len(files) > 1 and COMPILER_SPEAKS in result.stdout:
            half = len(files) // 2
            return self.findings(files[:half], flags, directory) + self.findings(files[half:], flags, directory)
        return "".join(line for line in result.stdout.splitlines(True) if not NOISE.search(line)) or result.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clang-tidy", required=True)
    parser.add_argument("--project", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("directories", nargs="*")
    arguments = parser.parse_args()

    database = json.loads((arguments.build / "compile_commands.json").read_text(encoding="utf-8"))
    work = arguments.build / "tidy"
    tidy = Tidy(arguments.clang_tidy, arguments.project.resolve(), work)
    batches = list(batches_of(database, arguments.directories))
    failed = False
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for findings in pool.map(lambda batch: tidy.findings(*batch), batches):
            if findings:
                failed = True
                sys.stderr.write(findings)
                sys.stderr.flush()
    print(f"clang-tidy: {sum(len(files) for files, _, _ in batches)} files checked")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
