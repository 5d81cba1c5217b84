# SPDX-License-Identifier: MIT
"""Which lines and branches of src the simulator has run: builds it with gcov's counters, runs it, and shows the sums."""

import argparse
import collections
import json
import pathlib
import subprocess
import sys


def parse_arguments():
    parser = argparse.ArgumentParser(prog="script/sim --coverage")
    parser.add_argument("--root", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--jobs", default="2", help=argparse.SUPPRESS)
    parser.add_argument("--seeds", default="3000", help="how many programs are run")
    parser.add_argument("--from", dest="first", default="1", help="the first seed")
    parser.add_argument("--lines", action="store_true", help="name the lines that were not run")
    return parser.parse_args()


def must_run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(word) for word in command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def simulate(arguments):
    must_run(["cmake", "--preset", "linux", "-S", arguments.root, "-B", arguments.work, "-DASYNC_SOCKET_TEST_LAYERS=sim",
              "-DASYNC_SOCKET_SIM_COVERAGE=ON", "-DASYNC_SOCKET_BUILD_TOOLS=OFF", "-DASYNC_SOCKET_BUILD_EXAMPLES=OFF"],
             cwd=arguments.root)
    must_run(["cmake", "--build", arguments.work, "--target", "sim", "--parallel", arguments.jobs])
    for counted in arguments.work.rglob("*.gcda"):
        counted.unlink()
    print(must_run([arguments.work / "tests/sim/sim", "--from", arguments.first, "--seeds", arguments.seeds, "--quiet"])
          .strip().splitlines()[-1])


class Line:
    def __init__(self):
        self.times = 0
        self.branches = []

    def add(self, counted):
        self.times += counted["count"]
        taken = [each["count"] for each in counted["branches"] if not each["throw"]]
        # The same line in several objects, as that of a template, may have other branches there.
        if len(taken) == len(self.branches):
            self.branches = [sum(pair) for pair in zip(self.branches, taken)]
        elif len(taken) > len(self.branches):
            self.branches = taken


def counted_lines(arguments):
    """By file and number, for the files of src."""
    lines = collections.defaultdict(Line)
    source = arguments.root / "src"
    for counted in sorted(arguments.work.rglob("async_socket_simulated.dir/**/*.gcno")):
        report = must_run(["gcov", "--json-format", "--stdout", "--branch-probabilities", counted], cwd=arguments.work)
        for document in filter(None, report.splitlines()):
            for each in json.loads(document)["files"]:
                path = pathlib.Path(each["file"])
                path = (arguments.work / path).resolve() if not path.is_absolute() else path
                if path.is_relative_to(source):
                    for line in each["lines"]:
                        lines[str(path.relative_to(source)), line["line_number"]].add(line)
    return lines


def share(part, whole):
    return f"{part:6} of {whole:6} {100 * part / whole:5.1f} %" if whole else f"{0:6} of {0:6}     - %"


def show(lines, group):
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    for (path, _), line in lines.items():
        row = sums[group(path)]
        row[0] += line.times != 0
        row[1] += 1
        row[2] += sum(taken != 0 for taken in line.branches)
        row[3] += len(line.branches)
    for name, row in sorted(sums.items()):
        print(f"{name:34} lines {share(row[0], row[1])}   branches {share(row[2], row[3])}")


def main():
    arguments = parse_arguments()
    simulate(arguments)
    lines = counted_lines(arguments)
    show(lines, lambda path: str(pathlib.Path(path).parent))
    show(lines, lambda _: "src")
    if arguments.lines:
        for (path, number), line in sorted(lines.items()):
            if line.times == 0:
                print(f"src/{path}:{number} is not run")
            elif 0 in line.branches:
                print(f"src/{path}:{number} takes {sum(t != 0 for t in line.branches)} of {len(line.branches)} branches")
    return 0


if __name__ == "__main__":
    sys.exit(main())
