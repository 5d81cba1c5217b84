# SPDX-License-Identifier: MIT
"""Runs the steps of script/test, which explains them, and prints the summary.

While one build is tested, the next one is built: most tests wait most of the time. The tests go first wherever both want
the processor, so that none is late because of a compiler.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
import traceback
import xml.etree.ElementTree

from count_cases import Count, count_cases
from what_failed import what_failed

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
CHECKS = {
    "includes": ["script/check-includes"],
    "trace": ["script/trace", "--summary"],
    "format": ["script/format", "--check"],
}
PRESETS = ["linux", "linux-asan", "linux-tsan", "windows-mingw"]
# The build with the longest tests comes first, and the one check that takes long while the last tests run.
STEPS = ["includes", "trace", *PRESETS, "format"]
BEHIND_THE_TESTS = ["nice", "-n", "10"]
WINDOWS = "windows-mingw"


@dataclasses.dataclass
class Step:
    name: str
    # By layer; the label of a test is its layer.
    counts: dict = dataclasses.field(default_factory=dict)
    # What each test that failed said about it.
    failures: dict = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    left_out: list = dataclasses.field(default_factory=list)

    def add(self, layer, count):
        self.counts[layer] = self.counts.get(layer, Count()) + count

    @property
    def total(self):
        return sum(self.counts.values(), Count())


class Failed(Exception):
    """A command of a step failed; its output was shown."""


class Runner:
    def __init__(self, build_root, jobs):
        self.build_root = build_root
        self.jobs = str(jobs)
        self.logs = build_root / "logs"
        self.environment = dict(os.environ, ASYNC_SOCKET_BUILD_DIR=str(build_root))

    def command(self, step, phase, command, environment=None, show=True):
        """Runs a command with its output in a log, which is shown where the command fails and `show` is true."""
        print(f"{step.name}: {phase}", flush=True)
        log = self.logs / f"{step.name}-{phase}.log"
        with log.open("w", encoding="utf-8") as output:
            status = subprocess.run(
                command,
                cwd=PROJECT,
                env=environment or self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        if status != 0:
            if show:
                print(log.read_text(encoding="utf-8", errors="replace"))
            print(f"{step.name}: {phase} failed; its output is kept in {log}", flush=True)
            raise Failed

    def check(self, step):
        self.command(step, "check", [*BEHIND_THE_TESTS, *CHECKS[step.name]])
        step.add("check", Count(passed=1))

    def build(self, step):
        build = self.build_root / step.name
        self.command(step, "configure", ["cmake", "--preset", step.name, "-S", PROJECT, "-B", build])
        self.command(step, "build", [*BEHIND_THE_TESTS, "cmake", "--build", build, "--parallel", self.jobs])

    def test(self, step):
        build = self.build_root / step.name
        layers = self.layers_of_tests(build)
        if not layers:
            print(f"{step.name}: there is no test in {build}")
            raise Failed
        results = self.logs / f"{step.name}.xml"
        results.unlink(missing_ok=True)
        ctest = ["ctest", "--test-dir", build, "--parallel", self.jobs, "--output-on-failure", "--no-tests=error"]
        ctest += ["--output-junit", results, "--test-output-size-passed", "100000000"]
        ctest += ["--test-output-size-failed", "100000000"]
        environment = self.environment
        if step.name == WINDOWS:
            environment = self.start_wine(build / "wine")
        elif "san" in step.name:
            ctest = without_address_randomisation() + ctest
        try:
            self.command(step, "test", ctest, environment, show=False)
        finally:
            if step.name == WINDOWS:
                stop_wine(environment)
            # Where ctest itself fails there are no results; the step then counts as one failure.
            if results.exists():
                self.read_results(step, results, layers)
            else:
                print((self.logs / f"{step.name}-test.log").read_text(encoding="utf-8", errors="replace"))

    def layers_of_tests(self, build):
        listing = subprocess.run(
            ["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True
        )
        layers = {}
        for test in json.loads(listing.stdout)["tests"]:
            properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
            layers[test["name"]] = (properties.get("LABELS") or ["other"])[0]
        return layers

    def read_results(self, step, results, layers):
        for case in xml.etree.ElementTree.parse(results).iter("testcase"):
            name = case.get("name")
            output = case.findtext("system-out") or ""
            succeeded = case.get("status") == "run"
            skipped = case.find("skipped")
            if skipped is not None and skipped.get("message", "").startswith("SKIP_"):
                count = Count(skipped=1)
            else:
                count = count_cases(output, succeeded)
            if succeeded and count.failed:
                print(f"{step.name}: {name} succeeded, but not with a passing case: {count}")
            if count.failed:
                step.failures[name] = what_failed(output)
            step.add(layers.get(name, "other"), count)
            step.left_out += re.findall(r"^skipped: (.*)", output, re.MULTILINE)

    def start_wine(self, prefix):
        """One Wine server for the whole step; started anew, it takes longer than most tests.

        The first program also starts Wine's services, which inherit its output and outlive it: whoever waits for the end
        of that output waits for them, too. So the first program is one whose output nobody reads.
        """
        environment = dict(self.environment, WINEPREFIX=str(prefix), WINEDEBUG="-all")
        prefix.mkdir(parents=True, exist_ok=True)
        # Told to end, the server prints what it still has.
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["wineserver", "--persistent"], env=environment, check=False, **quiet)
        first = [PROJECT / "cmake" / "run-wine.sh", prefix, "cmd.exe", "/c", "exit", "0"]
        subprocess.run(first, env=environment, check=False, **quiet)
        return environment

    def carry_out(self, phase, step):
        """False where the phase has failed."""
        began = time.monotonic()
        try:
            phase(step)
            return True
        except Exception as error:  # whatever it is, the others go on, and this one has failed
            if not isinstance(error, Failed):
                traceback.print_exc()
            if step.total.failed == 0:
                step.add("check" if step.name in CHECKS else "other", Count(failed=1))
            return False
        finally:
            step.seconds += time.monotonic() - began

    def run(self, steps):
        built = queue.SimpleQueue()

        def test_what_is_built():
            while (step := built.get()) is not None:
                self.carry_out(self.test, step)

        tester = threading.Thread(target=test_what_is_built, daemon=True)
        tester.start()
        try:
            for step in steps:
                if step.name in CHECKS:
                    self.carry_out(self.check, step)
                elif self.carry_out(self.build, step):
                    built.put(step)
        finally:
            built.put(None)
            tester.join()


def stop_wine(environment):
    subprocess.run(["wineserver", "--kill"], env=environment, stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["wineserver", "--wait"], env=environment, stderr=subprocess.DEVNULL, check=False)


def without_address_randomisation():
    """The sanitizers of GCC 12 to 13 do not start where the kernel randomises addresses with 32 bits."""
    setarch = ["setarch", os.uname().machine, "--addr-no-randomize"]
    works = shutil.which("setarch") and subprocess.run(setarch + ["true"], capture_output=True, check=False).returncode == 0
    return setarch if works else []


def print_summary(steps):
    columns = ("unit", "model", "contract", "stress", "cost", "scale", "fuzz", "tool", "real")
    layers = [layer for layer in columns if any(layer in step.counts for step in steps)]
    header = ["step", "result", *layers, "other", "seconds"]
    rows = []
    for step in steps:
        others = sum((count for layer, count in step.counts.items() if layer not in layers), Count())
        cells = [step.counts.get(layer) for layer in layers] + [others]
        result = "FAILED" if step.total.failed else "ok"
        rows.append([step.name, result, *("-" if not cell else str(cell) for cell in cells), f"{step.seconds:.0f}"])
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    print("\nTest cases by step and layer")
    for row in [header, ["-" * width for width in widths], *rows]:
        print("  ".join(cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))))


def print_failures(steps):
    """At the end, where a log that is cut still has them."""
    for step in steps:
        for name, lines in step.failures.items():
            print(f"\n{step.name}: {name} failed:")
            print("\n".join(f"  {line}" for line in lines))


def print_real_programs(runner, steps):
    """What tests/real has measured, also in one file, and whatever was left out of any test."""
    tables = [runner.build_root / step.name / "real-programs.md" for step in steps]
    measured = "\n".join(table.read_text(encoding="utf-8") for table in tables if table.exists())
    if measured:
        (runner.logs / "real-programs.md").write_text(measured, encoding="utf-8")
        print(f"\n{measured}", end="")
    for step in steps:
        for reason in dict.fromkeys(step.left_out):
            print(f"left out of {step.name}: {reason}")


def main():
    parser = argparse.ArgumentParser(prog="script/test", usage="script/test [STEP...]")
    parser.add_argument("--build-root", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("steps", nargs="*", metavar="STEP")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.steps if name not in STEPS]
    if unknown:
        parser.error(f"there is no step '{unknown[0]}'; the steps are: {', '.join(STEPS)}")

    runner = Runner(arguments.build_root.resolve(), arguments.jobs)
    runner.logs.mkdir(parents=True, exist_ok=True)
    steps = [Step(name) for name in STEPS if not arguments.steps or name in arguments.steps]
    began = time.monotonic()
    runner.run(steps)
    seconds = time.monotonic() - began

    print_failures(steps)
    print_summary(steps)
    print_real_programs(runner, steps)
    total = sum((step.total for step in steps), Count())
    print(f"\n{len(steps)} steps in {seconds:.0f} s; logs in {runner.logs}")
    print(f"{total.passed} passed, {total.failed} failed" + (f", {total.skipped} skipped" if total.skipped else ""))
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
