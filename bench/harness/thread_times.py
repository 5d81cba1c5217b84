# SPDX-License-Identifier: MIT
"""The processor time of each thread of a server: whether it uses as many as it was asked to."""

import pathlib

# What a worker that shares the load has at least of an even share.
LEAST_OF_SHARE = 0.25


class UnusedWorkers(Exception):
    pass


def thread_times(pid, proc=pathlib.Path("/proc")):
    """Nanoseconds on a processor by thread; one that ends meanwhile is left out."""
    times = {}
    for task in (proc / str(pid) / "task").iterdir():
        try:
            times[int(task.name)] = int((task / "schedstat").read_text(encoding="ascii").split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return times


def shares(before, after):
    """What part of the time each thread has had that has had some, the busiest first."""
    used = sorted((after[thread] - before.get(thread, 0) for thread in after), reverse=True)
    total = sum(used)
    return [time / total for time in used if time > 0]


def require_workers(name, workers, parts):
    """Fails where fewer threads than workers were asked for have done a fair part of the work."""
    busy = [part for part in parts if part >= LEAST_OF_SHARE / workers]
    if len(busy) < workers:
        listed = " : ".join(f"{part:.0%}" for part in parts[: max(workers, len(busy))])
        raise UnusedWorkers(f"{name} was asked for {workers} workers and has used {len(busy)} ({listed})")
