# SPDX-License-Identifier: MIT
"""Builds and runs the quick tests of a copy of the tree, for script/mutate."""

import dataclasses
import json
import os
import pathlib
import re
import selectors
import signal
import subprocess
import time

LAYERS = ("unit", "contract")
PRESET = "linux"
# The tests of the layers, and of the library as little as they need; it need not be fast, but built fast.
SETTINGS = [
    "-DASYNC_SOCKET_TEST_LAYERS=fake_win32;unit;contract",
    "-DASYNC_SOCKET_BUILD_TOOLS=OFF",
    "-DASYNC_SOCKET_BUILD_EXAMPLES=OFF",
    "-DASYNC_SOCKET_INSTALL=OFF",
    "-DASYNC_SOCKET_WARNINGS_AS_ERRORS=OFF",
    "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -DNDEBUG",
]
# Of the time of a test that takes longer than this, the cases that are run first have this share.
WORTH_DIVIDING = 2.0
QUICK_SHARE = 0.2
# Even one that goes on printing.
LAST_LINE_AFTER = 900.0
HANGS = "(hangs)"
PASSED_CASE = re.compile(r"^\[       OK \] (\S+) \((\d+) ms\)$", re.MULTILINE)
FAILED_CASE = re.compile(r"^\[  FAILED  \] (\S+?),? ", re.MULTILINE)
BEGUN_CASE = re.compile(r"^\[ RUN      \] (\S+)", re.MULTILINE)


class Broken(Exception):
    """Something is wrong that no mutation has caused."""


@dataclasses.dataclass
class Test:
    name: str
    program: str
    command: list
    environment: dict
    directory: str
    # What it takes where nothing is changed, and each of its cases.
    seconds: float = 0.0
    cases: dict = dataclasses.field(default_factory=dict)

    def slowest(self):
        """The seconds of the case that takes longest."""
        return max(self.cases.values(), default=1000 * self.seconds) / 1000

    def parts(self):
        """The filter of each part of it: first the many cases that take little time together."""
        quick, milliseconds, most = [], 0, 1000 * self.seconds * QUICK_SHARE
        for case, its in sorted(self.cases.items(), key=lambda entry: entry[1]):
            if milliseconds + its > most:
                break
            quick.append(case)
            milliseconds += its
        if not quick or self.seconds < WORTH_DIVIDING:
            return ["*"]
        names = ":".join(quick)
        return [names, "-" + names]


class MutantTests:
    def __init__(self, tree, build, jobs, limit):
        self.tree = tree
        self.build = build
        self.jobs = str(jobs)
        self.limit = limit
        self.tests = []

    def prepare(self, measured):
        """Builds everything once, and measures each test that is not among the measured ones. Returns those and these."""
        configure = ["cmake", "--preset", PRESET, "-S", self.tree, "-B", self.build, *SETTINGS]
        if (text := self._output_of_failed(configure)) is not None:
            raise Broken(f"the copy cannot be configured:\n{text}")
        if (text := self._compile([])) is not None:
            raise Broken(f"the copy cannot be built:\n{text}")
        self.tests = list(self._read_tests())
        if not self.tests:
            raise Broken("there is no test of the layers " + " and ".join(LAYERS))
        self._read_graph()
        for test in self.tests:
            if test.name not in measured:
                began = time.monotonic()
                verdict, output = self._run(test, 600.0, "*")
                if verdict is not None:
                    raise Broken(f"without any change, a test fails: {verdict}")
                cases = {case: int(milliseconds) for case, milliseconds in PASSED_CASE.findall(output)}
                measured = {**measured, test.name: [time.monotonic() - began, cases]}
            test.seconds, test.cases = measured[test.name]
        return measured

    def judge(self, path):
        """What notices that the file has changed: None where nothing does, "" where it no longer compiles."""
        remaining = []
        for test in self._tests_of(path):
            if self._compile([test.program]) is not None:
                return ""
            first, *others = test.parts()
            if (verdict := self._verdict(test, first)) is not None:
                return verdict
            remaining.extend((test, part) for part in others)
        for test, part in remaining:
            if (verdict := self._verdict(test, part)) is not None:
                return verdict
        return None

    def _verdict(self, test, cases):
        limit = max(self.limit, 10 * test.slowest())
        verdict, output = self._run(test, limit, cases)
        begun = BEGUN_CASE.findall(output)
        if verdict is None or not verdict.endswith(HANGS) or not begun:
            return verdict
        # Beside other work it may have been slow only.
        again = self._run(test, 3 * limit, begun[-1])[0]
        return again or self._run(test, 3 * limit, cases)[0]

    def _read_tests(self):
        listing = subprocess.run(
            ["ctest", "--test-dir", self.build, "--show-only=json-v1"], capture_output=True, text=True, check=True
        )
        for entry in json.loads(listing.stdout)["tests"]:
            properties = {each["name"]: each["value"] for each in entry.get("properties", [])}
            program = pathlib.Path(entry["command"][0]) if entry.get("command") else None
            if program and set(properties.get("LABELS", [])) & set(LAYERS) and program.is_relative_to(self.build):
                environment = dict(each.split("=", 1) for each in properties.get("ENVIRONMENT", []))
                yield Test(
                    entry["name"],
                    str(program.relative_to(self.build)),
                    entry["command"],
                    dict(os.environ, **environment, GTEST_FAIL_FAST="1"),
                    properties.get("WORKING_DIRECTORY", str(self.build)),
                )

    def _read_graph(self):
        """Which files each program is made of, headers included."""
        headers = {}
        dependencies = subprocess.run(["ninja", "-C", self.build, "-t", "deps"], capture_output=True, text=True, check=True)
        of_object = None
        for line in dependencies.stdout.splitlines():
            if line.startswith("    "):
                headers.setdefault(of_object, set()).add(self._in_tree(line.strip()))
            elif line:
                of_object = line.split(":")[0]
        self.files = {}
        for program in {test.program for test in self.tests}:
            inputs = subprocess.run(
                ["ninja", "-C", self.build, "-t", "inputs", program], capture_output=True, text=True, check=True
            ).stdout.splitlines()
            files = {self._in_tree(each) for each in inputs}
            self.files[program] = files.union(*(headers.get(each, set()) for each in inputs))

    def _in_tree(self, path):
        path = pathlib.Path(os.path.normpath(self.build / path))
        return str(path.relative_to(self.tree)) if path.is_relative_to(self.tree) else str(path)

    def _tests_of(self, path):
        """Those that the file is part of: first the ones whose own files are named as it and its directories are."""
        words = words_of(path)
        nearness = {
            program: max((len(words & words_of(file)) for file in files if "test" in file), default=0)
            for program, files in self.files.items()
        }
        tests = [test for test in self.tests if path in self.files[test.program]]
        return sorted(tests, key=lambda test: (-nearness[test.program], test.seconds))

    def _compile(self, programs):
        """None, or what was printed where it fails."""
        return self._output_of_failed(["ninja", "-C", self.build, "-j", self.jobs, *programs])

    def _output_of_failed(self, command):
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        result = subprocess.run(command, **streams, text=True, errors="replace", check=False)
        return result.stdout if result.returncode != 0 else None

    def _run(self, test, limit, cases):
        """None or the case that fails; and what was printed."""
        process = subprocess.Popen(
            test.command,
            env=dict(test.environment, GTEST_FILTER=cases),
            cwd=test.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            output, hangs = read_while_alive(process.stdout, limit)
            if not hangs:
                process.wait(limit)
        except subprocess.TimeoutExpired:
            hangs = True
        finally:
            # Where it hangs, and where the script itself is stopped.
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            process.stdout.close()
        if process.returncode == 0:
            return None, output
        failed, begun = FAILED_CASE.search(output), BEGUN_CASE.findall(output)
        case = failed[1] if failed else begun[-1] if begun else ""
        return " ".join(part for part in (test.name, case, HANGS if hangs else "") if part), output


def read_while_alive(stream, limit):
    """What is printed until the end, and whether there was none: nothing new for so many seconds.

    A test prints the name of each case. So the limit is one for a case, which holds beside other work, too."""
    output, hangs = b"", False
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        last = time.monotonic() + LAST_LINE_AFTER
        while not hangs:
            hangs = not selector.select(limit) or time.monotonic() > last
            piece = b"" if hangs else os.read(stream.fileno(), 65536)
            if not piece:
                break
            output += piece
    return output.decode(errors="replace"), hangs


def words_of(path):
    return set(re.split(r"[/_.]", path)) - {"src", "tests", "test", "cpp", "hpp", "h", "unit", "async", "socket"}
