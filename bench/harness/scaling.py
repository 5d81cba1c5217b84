# SPDX-License-Identifier: MIT
"""How the cost of a message and of a connection grows with the number of connections and of workers."""

import dataclasses
import statistics

import costs
from catalogue import ONE_CORE, SCALED_CONNECTIONS, SCALED_WORKERS, UNPINNED, Load
from processes import Failure, measured
from rounds import cpu_of, rate_of

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


def slices_of(server, load, placement, binaries, seconds, workers=1):
    program = binaries / "bench" / "load" / "bench_load"
    command = server.command(binaries, workers)
    with measured(program, command, load, placement) as (process, generator), process.running():
        return [generator.run(seconds) for _ in range(SLICES)]


def grow(server, binaries, seconds, progress):
    result = Growth(server.name)
    for count in SCALED_CONNECTIONS:
        load = Load(f"{count}x64B", connections=count)
        try:
            # First, while the kernel has not as many closed connections to clear away.
            result.heap[count], result.resident[count], result.kernel[count] = costs.per_connection(server, load, binaries)
            slices = slices_of(server, load, ONE_CORE, binaries, seconds)
            result.cpu_ns[count] = statistics.median(map(cpu_of, slices))
        except Failure:
            pass  # a point that is missing in the plot
        progress.step()
    for workers in SCALED_WORKERS:
        if workers <= server.most_workers:
            load = Load(f"{WORKERS_CONNECTIONS}x64B", connections=WORKERS_CONNECTIONS)
            slices = slices_of(server, load, UNPINNED, binaries, seconds, workers)
            result.workers_cpu_ns[workers] = statistics.median(map(cpu_of, slices))
            result.workers_rate[workers] = statistics.median(map(rate_of, slices))
        progress.step()
    return result


def seconds_for(count, seconds):
    """About how long `grow` takes for so many servers."""
    return count * STEPS * (SLICES * (seconds + 0.05) + 0.8)
