# SPDX-License-Identifier: MIT
"""What this library wants to reach, and whether it does. Raw epoll is 1 where nothing else is said."""

import dataclasses
import operator

from catalogue import LITERAL, ONE_CORE, TWO_CORES, WINE

C_API, COROUTINES, EPOLL = "C API, io_uring", "coroutines, io_uring", "C API, epoll"
AT_LEAST, AT_MOST = "≥", "≤"
COMPARE = {AT_LEAST: operator.ge, AT_MOST: operator.le}


@dataclasses.dataclass
class Target:
    what: str
    relation: str
    bound: float
    value: float  # None: not measured

    @property
    def held(self):
        return self.value is not None and COMPARE[self.relation](self.value, self.bound)

    def row(self):
        state = "not measured" if self.value is None else "held" if self.held else "**missed**"
        value = "–" if self.value is None else f"{self.value:.4g}"
        return [self.what, f"{self.relation} {self.bound:g}", value, state]


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
            if (name, placement) == (load, ONE_CORE) and "C API" not in server and "coroutines" not in server
        ]
        return quotient(ours, max(peers, default=None))

    calls, allocations = counted.get((C_API, "64x64B"), (None, None))
    return [
        Target("64x64B, one core: throughput", AT_LEAST, 1.15, rate(C_API, "64x64B")),
        Target("64x64B, one core: CPU of a message", AT_MOST, 0.82, cpu(C_API, "64x64B")),
        Target("1000x64B, one core: CPU of a message", AT_MOST, 0.88, cpu(C_API, "1000x64B")),
        Target("64x4KiB, one core: throughput", AT_LEAST, 1.30, rate(C_API, "64x4KiB")),
        Target("16x64KiB, one core: throughput", AT_LEAST, 1.05, rate(C_API, "16x64KiB")),
        Target("1x64B, a core each: throughput", AT_LEAST, 2.5, rate(C_API, "1x64B", TWO_CORES)),
        Target("64x64B: system calls of a message", AT_MOST, 0.10, calls),
        Target("64x64B: heap allocations of a message", AT_MOST, 0, allocations),
        Target("a connection that waits: heap bytes beside its buffer", AT_MOST, 400, waiting.get(C_API, [None])[0]),
        Target("churn, one core: connections a second, the best peer = 1", AT_LEAST, 1, ahead_of_peers("churn")),
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
