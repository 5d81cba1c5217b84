#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Searches a Promela model exhaustively with spin, or shows that breaking it is found."""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77
DEEPEST = 100_000
MOST_MEMORY_MIB = 4096


class Failure(Exception):
    pass


def run(command, directory, seconds):
    done = subprocess.run(
        command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False
    )
    return done.returncode, done.stdout


def search(model, directory, macros, compiler, optimization, seconds):
    """The verifier's report on the model with these macros."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    status, output = run(["spin", *(f"-D{macro}" for macro in macros), "-a", str(model)], directory, 60)
    if status != 0 or not (directory / "pan.c").exists():
        raise Failure(f"spin does not accept the model:\n{output}")
    # SAFETY: assertions and deadlocks, no liveness. COLLAPSE: a smaller table of states.
    status, output = run(
        [compiler, optimization, "-w", "-DSAFETY", "-DCOLLAPSE", f"-DMEMLIM={MOST_MEMORY_MIB}", "-o", "pan", "pan.c"],
        directory,
        300,
    )
    if status != 0:
        raise Failure(f"the verifier does not compile:\n{output}")
    return run(["./pan", f"-m{DEEPEST}", "-w22"], directory, seconds)[1]


def number(pattern, report):
    match = re.search(pattern, report)
    if match is None:
        raise Failure(f"the verifier did not come to an end:\n{report}")
    return int(match[1])


def summary(macros, report):
    states = number(r"(\d+) states, stored", report)
    depth = number(r"depth reached (\d+)", report)
    return f"{' '.join(macros) or 'as it is'}: {states} states, depth {depth}"


def first_error(report):
    match = re.search(r"^pan:1: (.*) \(at depth \d+\)$", report, re.MULTILINE)
    return match[1].strip() if match else None


def unreached(report):
    """Statements that no execution reaches."""
    process = None
    for line in report.splitlines():
        if match := re.match(r"unreached in (?:proctype )?(\S+)", line):
            process = match[1]
        elif match := re.match(r"\t\S+:(\d+), state \d+, \"(.*)\"$", line):
            yield f"{process}: {match[2]} (line {match[1]})"


def check_whole(arguments, macros):
    report = search(arguments.model, arguments.directory, macros, arguments.compiler, "-O2", arguments.seconds)
    if number(r"errors: (\d+)", report) != 0:
        _, trail = run(["./pan", "-r", f"{arguments.model.name}.trail"], arguments.directory, 60)
        raise Failure(f"{first_error(report)}; the way there:\n{trail}")
    for sign in ("Search not completed", "max search depth too small", "out of memory"):
        if sign in report:
            raise Failure(f"the search is not complete: {sign}\n{report}")
    dead = list(unreached(report))
    if arguments.unreachable is not None and len(dead) != arguments.unreachable:
        raise Failure("no execution reaches\n  " + "\n  ".join(dead))
    print(summary(macros, report) + ", no error")


def check_breaks(arguments):
    """Each line of the table: a macro, those that it needs beside it, and after a colon how it must be found."""
    table = {}
    for line in arguments.breaks.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            macros, _, error = line.partition(":")
            table[macros.split()[0]] = (macros.split(), error.strip())
    known = set(re.findall(r"\bBREAK_[A-Z_]*[A-Z]\b", arguments.model.read_text(encoding="utf-8")))
    if known != set(table):
        raise Failure(f"the table and the model name different breaks: {sorted(known ^ set(table))}")
    problems = []
    for macros, expected in table.values():
        # Found soon, so that the compiler takes most of the time.
        report = search(arguments.model, arguments.directory, macros, arguments.compiler, "-O0", arguments.seconds)
        found = first_error(report)
        print(f"{summary(macros, report)}, found: {found}", flush=True)
        if found is None or expected not in found:
            problems.append(f"{' '.join(macros)}: expected '{expected}', found '{found}'")
    if problems:
        raise Failure("\n".join(problems))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--directory", type=pathlib.Path, required=True, help="where to work; emptied first")
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--define", action="append", default=[], help="macro of the model")
    parser.add_argument("--breaks", type=pathlib.Path, help="table of macros that each must make the model wrong")
    parser.add_argument("--unreachable", type=int, help="how many statements no execution must reach")
    parser.add_argument("--seconds", type=int, default=600, help="limit of one search")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    arguments.model = arguments.model.resolve()
    if shutil.which("spin") is None:
        print("spin is not installed")
        return SKIPPED
    try:
        if arguments.breaks:
            check_breaks(arguments)
        else:
            check_whole(arguments, arguments.define)
    except Failure as problem:
        print(f"{arguments.model.name}: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
