# SPDX-License-Identifier: MIT
"""Puts faults that other tests once missed back into a copy of the library, and shows which the simulator finds."""

import argparse
import pathlib
import re
import subprocess
import sys
import time

COPY_TREE = pathlib.Path(__file__).resolve().parent / "copy_tree.py"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="script/sim --missed")
    parser.add_argument("--root", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--jobs", default="2", help=argparse.SUPPRESS)
    parser.add_argument("--seeds", default="20000", help="how many programs are tried for each fault")
    parser.add_argument("--from", dest="first", default="1", help="the first seed")
    parser.add_argument("--only", action="append", default=[], help="only faults with this in their name")
    parser.add_argument("--programs", action="store_true", help="print the programs, once they are short")
    parser.add_argument("--no-shrink", action="store_true", help="do not make the programs shorter")
    return parser.parse_args()


def run(command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)


def must_run(command, **options):
    done = run(command, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(word) for word in command)} failed:\n{done.stdout}{done.stderr}")


class Copy:
    """A copy of the tree, built with nothing but the simulator."""

    def __init__(self, arguments):
        self.tree = arguments.work / "tree"
        self.build_directory = arguments.work / "build"
        self.jobs = arguments.jobs
        must_run([sys.executable, "-B", COPY_TREE, arguments.root, self.tree])
        if not (self.build_directory / "CMakeCache.txt").exists():
            must_run(["cmake", "--preset", "linux", "-S", self.tree, "-B", self.build_directory,
                      "-DASYNC_SOCKET_TEST_LAYERS=sim", "-DASYNC_SOCKET_BUILD_TOOLS=OFF",
                      "-DASYNC_SOCKET_BUILD_EXAMPLES=OFF"], cwd=self.tree)

    def build(self, target="sim"):
        return run(["cmake", "--build", self.build_directory, "--target", target, "--parallel", self.jobs])

    def patch(self, patch, *options):
        must_run(["patch", "--silent", "--strip=1", f"--directory={self.tree}", f"--input={patch}", *options])

    def find(self, first, seeds):
        """What the simulator says of the first seed that fails; None where none does. Several blocks at a time."""
        block = 250
        for begin in range(first, first + seeds, block * int(self.jobs)):
            ends = range(begin, min(begin + block * int(self.jobs), first + seeds), block)
            running = [subprocess.Popen([self.simulator(), "--from", str(each), "--quiet", "--seeds",
                                         str(min(block, first + seeds - each))], stdout=subprocess.PIPE, text=True)
                       for each in ends]
            for said in [each.communicate()[0] for each in running]:
                if found := re.search(r"^seed (\d+): (.*)$", said, re.MULTILINE):
                    return found
        return None

    def shrink(self, seed):
        return run([self.simulator(), "--from", seed, "--seeds", "1", "--quiet", "--shrink", "--as-test",
                    self.test_source()]).stdout

    def simulator(self):
        return self.build_directory / "tests/sim/sim"

    def test_source(self):
        return self.tree / "tests/sim/found/of_a_fault.cpp"

    def test_fails(self):
        """Whether the program that was written as a test compiles, and fails as the simulator has."""
        built = self.build("sim_found_of_a_fault")
        return built.returncode == 0 and run([self.build_directory / "tests/sim/sim_found_of_a_fault"]).returncode == 1


HEADING = ("fault", "seeds", "actions", "seconds", "its test", "found by")


def row_of(patch, copy, arguments):
    """What the table has of one fault, the program that shows it, and whether it was found."""
    copy.patch(patch)
    try:
        if copy.build().returncode != 0:
            return (patch.stem, "-", "-", "-", "-", "does not compile"), "", False
        start = time.monotonic()
        found = copy.find(int(arguments.first), int(arguments.seeds))
        seconds = f"{time.monotonic() - start:.0f}"
        if found is None:
            return (patch.stem, "-", "-", seconds, "-", f"not found in {arguments.seeds} seeds"), "", False
        said = "" if arguments.no_shrink else copy.shrink(found.group(1))
        shrunk = re.search(r"^shrunk from \d+ actions to (\d+):$", said, re.MULTILINE)
        its_test = "-" if shrunk is None else "fails" if copy.test_fails() else "DOES NOT FAIL"
    finally:
        copy.patch(patch, "--reverse")
    seeds = int(found.group(1)) - int(arguments.first) + 1
    length = shrunk.group(1) if shrunk else "-"
    program = said[shrunk.end():].strip() if shrunk else ""
    is_found = its_test != "DOES NOT FAIL"
    return (patch.stem, str(seeds), length, seconds, its_test, found.group(2)), program, is_found


def show(row):
    print("{:56} {:>6} {:>7} {:>7} {:>8}  {}".format(*row), flush=True)


def main():
    arguments = parse_arguments()
    patches = sorted((arguments.root / "tests/sim/missed").glob("*.patch"))
    wanted = [each for each in patches if not arguments.only or any(part in each.stem for part in arguments.only)]
    copy = Copy(arguments)
    if (built := copy.build()).returncode != 0:
        sys.exit(built.stdout + built.stderr)
    missed = 0
    show(HEADING)
    for patch in wanted:
        row, program, is_found = row_of(patch, copy, arguments)
        missed += 0 if is_found else 1
        show(row)
        if program and arguments.programs:
            print("    " + program.replace("\n", "\n    "), flush=True)
    print(f"{len(wanted) - missed} of {len(wanted)} faults found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
