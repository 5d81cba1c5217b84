# SPDX-License-Identifier: MIT
"""Runs the steps of script/test, which explains them, and prints the summary.

While one build is tested, the next one is built: most tests wait most of the time. The tests go first wherever both want
the processor, so that none is late because of a compiler.
"""

import argparse
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
from progress import Progress
from test_steps import CHECKS, DIRECTORIES, STEPS, WHAT_ALL_ADDS, WINDOWS, WINDOWS_32, chosen_steps, how_long
from test_summary import print_failures, print_real_programs, print_summary
from what_failed import what_failed

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
BEHIND_THE_TESTS = ["nice", "-n", "10"]
LEFT_OUT = re.compile(r"^skipped: (.*)", re.MULTILINE)


class Failed(Exception):
    """A command of a step failed; its output was shown."""


class Runner:
    def __init__(self, build_root, jobs):
        self.build_root = build_root
        self.jobs = jobs
        self.progress = Progress()
        self.logs = build_root / "logs"
        self.environment = dict(os.environ, ASYNC_SOCKET_BUILD_DIR=str(build_root))

    def command(self, step, phase, command, environment=None, show=True):
        """Runs a command with its output in a log, which is shown where the command fails and `show` is true."""
        log = self.logs / f"{step.name}-{phase}.log"
        self.progress.begin(step.name, phase)
        with log.open("w", encoding="utf-8") as output, subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment or self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout:
                output.write(line)
                self.progress.read(step.name, phase, line)
        self.progress.end(step.name, phase, process.returncode == 0)
        if process.returncode != 0:
            if show:
                self.progress.say(log.read_text(encoding="utf-8"))
            self.progress.say(f"{step.name}: the output of {phase} is kept in {log}")
            raise Failed

    def check(self, step):
        self.command(step, "check", [*BEHIND_THE_TESTS, *CHECKS[step.name]])
        said = (self.logs / f"{step.name}-check.log").read_text(encoding="utf-8", errors="replace")
        add_check(step, said)

    def build(self, step):
        build = self.build_root / step.name
        self.command(step, "configure", ["cmake", "--preset", step.name, "-S", PROJECT, "-B", build])
        targets = ["--target", *step.targets] if step.targets else []
        command = [*BEHIND_THE_TESTS, "cmake", "--build", build, "--parallel", str(self.jobs), *targets]
        self.command(step, "build", command)

    def test(self, step):
        build = self.build_root / step.name
        layers = self.layers_of_tests(build)
        if not layers:
            self.progress.say(f"{step.name}: there is no test in {build}")
            raise Failed
        results = self.logs / f"{step.name}.xml"
        results.unlink(missing_ok=True)
        ctest = ["ctest", "--test-dir", build, "--parallel", str(self.jobs), "--output-on-failure", "--no-tests=error"]
        ctest += ["--output-junit", results, "--test-output-size-passed", "100000000"]
        ctest += ["--test-output-size-failed", "100000000"]
        if step.layers:
            ctest += ["--label-regex", f"^({'|'.join(step.layers)})$"]
        environment = self.environment
        runs_wine = step.name in (WINDOWS, WINDOWS_32)
        if runs_wine:
            environment = self.start_wine(self.build_root / WINDOWS / "wine")
        elif "san" in step.name:
            ctest = without_address_randomisation() + ctest
        try:
            self.command(step, "test", ctest, environment, show=False)
        finally:
            if runs_wine:
                stop_wine(environment)
            # Where ctest itself fails there are no results; the step then counts as one failure.
            if results.exists():
                self.read_results(step, results, layers)
            else:
                self.progress.say((self.logs / f"{step.name}-test.log").read_text(encoding="utf-8"))

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
                self.progress.say(f"{step.name}: {name} succeeded, but not with a passing case: {count}")
            if count.failed:
                step.failures[name] = what_failed(output)
            step.add(layers.get(name, "other"), count)
            step.left_out += LEFT_OUT.findall(output)

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


def add_check(step, said):
    """Counts a check that has not failed, from what it said."""
    step.left_out += LEFT_OUT.findall(said)
    step.add("check", Count(skipped=1) if step.left_out else Count(passed=1))


def stop_wine(environment):
    subprocess.run(["wineserver", "--kill"], env=environment, stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["wineserver", "--wait"], env=environment, stderr=subprocess.DEVNULL, check=False)


def without_address_randomisation():
    """The sanitizers of GCC 12 to 13 do not start where the kernel randomises addresses with 32 bits."""
    setarch = ["setarch", os.uname().machine, "--addr-no-randomize"]
    works = shutil.which("setarch") and subprocess.run(setarch + ["true"], capture_output=True, check=False).returncode == 0
    return setarch if works else []


def main():
    parser = argparse.ArgumentParser(prog="script/test", usage="script/test [--all] [STEP...]")
    parser.add_argument("--build-root", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--layers", default="")
    parser.add_argument("--left-out", action="append", default=[], metavar="STEP: WHY")
    parser.add_argument("steps", nargs="*", metavar="STEP")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.steps if name not in STEPS]
    if unknown:
        parser.error(f"there is no step '{unknown[0]}'; the steps are: {', '.join(STEPS)}")
    layers = [name for name in arguments.layers.split(",") if name]
    unknown = [name for name in layers if name not in DIRECTORIES]
    if unknown:
        parser.error(f"no layer '{unknown[0]}' can be chosen; those that can are: {', '.join(DIRECTORIES)}")

    runner = Runner(arguments.build_root.resolve(), arguments.jobs)
    runner.logs.mkdir(parents=True, exist_ok=True)
    left_out = dict(each.split(": ", 1) for each in arguments.left_out)
    steps = [step for step in chosen_steps(arguments.steps, layers, arguments.all) if step.name not in left_out]
    is_whole = not arguments.steps and not layers
    if is_whole:
        print(how_long(arguments.all), flush=True)
    began = time.monotonic()
    runner.run(steps)
    seconds = time.monotonic() - began

    print_failures(steps)
    print_summary(steps)
    print_real_programs(runner, steps)
    for name, why in left_out.items():
        print(f"left out: {name}: {why}")
    total = sum((step.total for step in steps), Count())
    print(f"\n{len(steps)} steps in {seconds:.0f} s; logs in {runner.logs}")
    print(f"{total.passed} passed, {total.failed} failed" + (f", {total.skipped} skipped" if total.skipped else ""))
    if is_whole and not arguments.all:
        print(f"\n{WHAT_ALL_ADDS}")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
