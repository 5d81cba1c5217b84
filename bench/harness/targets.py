# SPDX-License-Identifier: MIT
"""What this library wants to reach, and whether it does. Raw epoll is 1 where nothing else is said.

The targets were set on a machine on which a raw io_uring server, which is as far as anybody gets, was further ahead of
raw epoll than it is elsewhere. So each target that depends on that is also given as a share of this limit."""

import dataclasses
import operator

from catalogue import LITERAL, ONE_CORE, TWO_CORES, WINE, server_named

C_API, COROUTINES, EPOLL, LIMIT = "C API, io_uring", "coroutines, io_uring", "C API, epoll", "raw io_uring"
AT_LEAST, AT_MOST = "≥", "≤"
COMPARE = {AT_LEAST: operator.ge, AT_MOST: operator.le}


@dataclasses.dataclass
class Target:
    what: str
    relation: str
    bound: float
    value: float  # None: not measured
    limit: float = None  # the same of the raw io_uring server
    limit_then: float = None  # the same where the target was set

    @property
    def held(self):
        return self.value is not None and COMPARE[self.relation](self.value, self.bound)

    def row(self):
        state = "not measured" if self.value is None else "held" if self.held else "**missed**"
        value = "–" if self.value is None else f"{self.value:.4g}"
        return [self.what, f"{self.relation} {self.bound:g}", value, state, *self.of_limit()]

    def of_limit(self):
        """How far from the limit it was wanted to be, and is."""
        if self.value is None or not self.limit or not self.limit_then:
            return ["", "", ""]
        wanted, reached = self.bound / self.limit_then, self.value / self.limit
        return [f"{self.limit:.4g}", f"{self.relation} {wanted:.2f}", f"{reached:.2f}"]


def check(results, counted, waiting):
    """counted: (server, load) -> (system calls, allocations); waiting: server -> (heap, resident, kernel) bytes."""
    found = {(result.server, result.load, result.placement): result for result in results if not result.failure}

    def rate(server, load, placement=ONE_CORE):
        result = found.get((server, load, placement))
        return result and result.rate_ratio.median

    def cpu(server, load, placement=ONE_CORE):
        result = found.get((server, load, placement))
        return result and result.cpu_ratio.median

    def quotient(value, by):
        return value / by if value is not None and by else None

    def ahead_of_peers(load):
        ours = rate(C_API, load)
        peers = [
            result.rate_ratio.median
            for (server, name, placement), result in found.items()
            if (name, placement) == (load, ONE_CORE) and server_named(server).is_library
        ]
        return quotient(ours, max(peers, default=None))

    def against_limit(what, relation, bound, limit_then, measure, load):
        return Target(what, relation, bound, measure(C_API, load), measure(LIMIT, load), limit_then)

    calls, allocations = counted.get((C_API, "64x64B"), (None, None))
    return [
        against_limit("64x64B, one core: throughput", AT_LEAST, 1.15, 1.20, rate, "64x64B"),
        against_limit("64x64B, one core: CPU of a message", AT_MOST, 0.82, 0.78, cpu, "64x64B"),
        against_limit("1000x64B, one core: CPU of a message", AT_MOST, 0.88, 0.84, cpu, "1000x64B"),
        against_limit("64x4KiB, one core: throughput", AT_LEAST, 1.30, 1.37, rate, "64x4KiB"),
        against_limit("16x64KiB, one core: throughput", AT_LEAST, 1.05, 1.09, rate, "16x64KiB"),
        Target("1x64B, a core each: throughput", AT_LEAST, 2.5, rate(C_API, "1x64B", TWO_CORES)),
        Target("64x64B: system calls of a message", AT_MOST, 0.10, calls),
        Target("64x64B: heap allocations of a message", AT_MOST, 0, allocations),
        Target("a connection that waits: heap bytes beside its buffer", AT_MOST, 400, waiting.get(C_API, [None])[0]),
        Target("churn, one core: connections a second, the best other library = 1", AT_LEAST, 1, ahead_of_peers("churn")),
        Target(
            "64x64B, one core: CPU of a message with coroutines, C API = 1",
            AT_MOST,
            1.05,
            quotient(cpu(COROUTINES, "64x64B"), cpu(C_API, "64x64B")),
        ),
        Target("64x64B, one core: CPU of a message with the epoll back end", AT_MOST, 1.03, cpu(EPOLL, "64x64B")),
        Target(f"Wine, 32x64B: throughput, {LITERAL} = 1", AT_LEAST, 1.0, rate("C API", "32x64B", WINE)),
        Target(f"Wine, 32x64B: throughput with reuse, {LITERAL} = 1", AT_LEAST, 1.3, rate("C API, reuse", "32x64B", WINE)),
    ]
