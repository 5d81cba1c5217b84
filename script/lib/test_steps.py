# SPDX-License-Identifier: MIT
"""The steps of script/test, and which of them, with which layers of tests, an ordinary run takes."""

import dataclasses
import os

from count_cases import Count

CHECKS = {
    "includes": ["script/check-includes"],
    "trace": ["script/trace", "--summary"],
    "format": ["script/format", "--check"],
}
WINDOWS = "windows-mingw"
WINDOWS_32 = "windows-mingw-32"
# The build with the longest tests comes first, and the one check that takes long while the last tests run.
STEPS = ["includes", "trace", "linux", "linux-asan", "linux-tsan", WINDOWS, WINDOWS_32, "format"]

# What tells somebody who is new here that the library works on this machine.
ORDINARY = {
    "linux": ("unit", "contract", "cpp", "tool", "example", "docs"),
    WINDOWS: ("contract",),
}
# Minutes on two processors where nothing is built yet.
MINUTES = {"ordinary": 10, "all": 25}
WHAT_ALL_ADDS = """\
What script/test --all adds, in some 15 minutes more on two processors: every test under AddressSanitizer and
UndefinedBehaviorSanitizer, and under ThreadSanitizer; all other tests under Wine; the build for 32-bit Windows;
the models, searched exhaustively; stress, fuzz, cost and scale tests; packages and strangers' projects; clang-tidy."""

# Which directories' targets the tests of a layer consist of.
DIRECTORIES = {
    "unit": ["tests/unit", "tests/tool"],
    "model": ["tests/model"],
    "contract": ["tests/contract"],
    "cpp": ["tests/cpp"],
    "sim": ["tests/sim"],
    "stress": ["tests/stress"],
    "tool": ["tests/tool", "tools/asock"],
    "example": ["examples", "tests/readme", "tests/examples"],
    "docs": ["tests/docs", "tools/asock", "examples"],
}


@dataclasses.dataclass
class Step:
    name: str
    # Which layers are built and tested; none: all of them.
    layers: tuple = ()
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

    @property
    def targets(self):
        return [f"{directory}/all" for directory in dict.fromkeys(each for layer in self.layers for each in DIRECTORIES[layer])]


def chosen_steps(names, layers, everything):
    """The steps to run: those that are named; or all; or, with neither, an ordinary run's."""
    if names or everything:
        return [Step(name, tuple(layers)) for name in STEPS if not names or name in names]
    return [Step(name, tuple(layers) or ORDINARY[name]) for name in STEPS if name in ORDINARY]


def how_long(everything):
    """A line that says so, of a first run."""
    minutes = MINUTES["all" if everything else "ordinary"]
    return f"This takes about {minutes} minutes on two idle processors (here: {os.cpu_count()}), less where things are built already."
