# SPDX-License-Identifier: MIT
"""How the cost of a message and of a connection grows with the number of connections and of workers."""

import dataclasses
import statistics

import costs
from catalogue import ONE_CORE, SCALED_CONNECTIONS, SCALED_WORKERS, UNPINNED, Load
from processes import Failure, measured
from rounds import cpu_of, rate_of
from thread_times import require_workers, shares, thread_times

SLICES = 5
WORKERS_CONNECTIONS = 256
STEPS = len(SCALED_CONNECTIONS) + len(SCALED_WORKERS)  # of the progress, for a server


@dataclasses.dataclass
class Growth:
    """By number of connections, or of workers."""

    server: str
    cpu_ns: dict = dataclasses.field(default_factory=dict)
    heap: dict = dataclasses.field(default_factory=dict)
    resident: dict = dataclasses.field(default_factory=dict)
    kernel: dict = dataclasses.field(default_factory=dict)
    workers_cpu_ns: dict = dataclasses.field(default_factory=dict)
    workers_rate: dict = dataclasses.field(default_factory=dict)
    workers_parts: dict = dataclasses.field(default_factory=dict)  # of the time of all, by worker, the busiest first


def slices_of(server, load, placement, binaries, seconds, workers=1):
    program = binaries / "bench" / "load" / "bench_load"
    command = server.command(binaries, workers)
    with measured(program, command, load, placement) as (process, generator), process.running():
        before = thread_times(process.process.pid)
        slices = [generator.run(seconds) for _ in range(SLICES)]
        parts = shares(before, thread_times(process.process.pid))
    # A figure of four workers of which one has done everything would be one of one worker.
    require_workers(server.name, workers, parts)
    return slices, parts[:workers]


def grow(server, binaries, seconds, progress):
    result = Growth(server.name)
    for count in SCALED_CONNECTIONS:
        load = Load(f"{count}x64B", connections=count)
        try:
            # First, while the kernel has not as many closed connections to clear away.
            result.heap[count], result.resident[count], result.kernel[count] = costs.per_connection(server, load, binaries)
            slices, _ = slices_of(server, load, ONE_CORE, binaries, seconds)
            result.cpu_ns[count] = statistics.median(map(cpu_of, slices))
        except Failure:
            pass  # a point that is missing in the plot
        progress.step()
    for workers in SCALED_WORKERS:
        if workers <= server.most_workers:
            load = Load(f"{WORKERS_CONNECTIONS}x64B", connections=WORKERS_CONNECTIONS)
            slices, result.workers_parts[workers] = slices_of(server, load, UNPINNED, binaries, seconds, workers)
            result.workers_cpu_ns[workers] = statistics.median(map(cpu_of, slices))
            result.workers_rate[workers] = statistics.median(map(rate_of, slices))
        progress.step()
    return result


def seconds_for(count, seconds):
    """About how long `grow` takes for so many servers."""
    return count * STEPS * (SLICES * (seconds + 0.05) + 0.8)
