# SPDX-License-Identifier: MIT
"""Throughput and processor time on a machine that is never quite still.

Each slice of a server lies between two slices of the raw epoll server under the same load, and what counts is the ratio
to the mean of these two: what slows the machine down for longer than a slice slows all three down. The servers take
turns, round after round, and the median of the rounds is the result."""

import contextlib
import dataclasses
import statistics

from catalogue import BASE
from processes import Failure, measured


@dataclasses.dataclass
class Figure:
    """The median of some values, with the smallest and the largest."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(values):
        return Figure(statistics.median(values), min(values), max(values))


@dataclasses.dataclass
class Result:
    server: str
    load: str
    placement: str
    failure: str = ""
    rate: Figure = None  # a second
    rate_ratio: Figure = None
    cpu_ns: Figure = None  # of a message
    cpu_ratio: Figure = None
    p50_ns: float = 0
    p99_ns: float = 0
    p999_ns: float = 0


def rate_of(slice_):
    return slice_["messages"] / slice_["seconds"]


def cpu_of(slice_):
    return slice_["cpu_ns"] / slice_["messages"]


def median_of(slices, key):
    return statistics.median(slice_[key] for slice_ in slices)


def summarize(result, slices, pairs):
    """pairs: for each of the slices the one of the base before it and the one after it."""
    result.rate = Figure.of([rate_of(each) for each in slices])
    result.cpu_ns = Figure.of([cpu_of(each) for each in slices])
    result.rate_ratio = Figure.of(
        [rate_of(each) / statistics.mean(map(rate_of, pair)) for each, pair in zip(slices, pairs)]
    )
    result.cpu_ratio = Figure.of([cpu_of(each) / statistics.mean(map(cpu_of, pair)) for each, pair in zip(slices, pairs)])
    result.p50_ns, result.p99_ns, result.p999_ns = (median_of(slices, key) for key in ("p50_ns", "p99_ns", "p999_ns"))
    return result


def run_slice(pair, seconds):
    server, generator = pair
    with server.running():
        slice_ = generator.run(seconds)
    if not slice_["messages"]:
        raise Failure(f"{server.name} has served nothing")
    return slice_


def measure(servers, load, placement, binaries, rounds, seconds, progress, workers=1):
    """The results of the servers, of which the first one is the base."""
    assert servers[0].name == BASE
    results = {server.name: Result(server.name, load.name, placement) for server in servers}
    with contextlib.ExitStack() as stack:
        pairs = {}
        for server in servers:
            command = server.command(binaries, workers, load.sink)
            try:
                pairs[server.name] = stack.enter_context(
                    measured(binaries / "bench" / "load" / "bench_load", command, load, placement)
                )
            except Failure as failure:
                if server.name == BASE:
                    raise
                results[server.name].failure = str(failure)
        slices = {name: [] for name in pairs}
        around = {name: [] for name in pairs}
        for _ in range(rounds):
            before = run_slice(pairs[BASE], seconds)
            first = before
            for server in servers[1:]:
                name = server.name
                if name in pairs and not results[name].failure:
                    try:
                        own = run_slice(pairs[name], seconds)
                    except Failure as failure:
                        results[name].failure = str(failure)
                        continue
                    after = run_slice(pairs[BASE], seconds)
                    slices[name].append(own)
                    around[name].append((before, after))
                    before = after
                progress.step()
            slices[BASE].append(first)
            around[BASE].append((first, first))
        for name, own in slices.items():
            if not results[name].failure:
                summarize(results[name], own, around[name])
    return list(results.values())
