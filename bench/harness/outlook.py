# SPDX-License-Identifier: MIT
"""What the measured slopes say of a machine that nobody here has: 64 cores and a million connections."""

import math

CORES = 64
CONNECTIONS = 1_000_000
MEMORY_GIB = 256
PATIENCE_SECONDS = 60  # within which a million clients should be connected again


def per_decade(points):
    """By which factor y grows for ten times the x, from the line that fits log y best from 100 connections on."""
    chosen = [(math.log10(x), math.log10(y)) for x, y in points.items() if x >= 100 and y > 0]
    if len(chosen) < 2:
        return 1.0
    mean_x = sum(x for x, _ in chosen) / len(chosen)
    mean_y = sum(y for _, y in chosen) / len(chosen)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in chosen) / sum((x - mean_x) ** 2 for x, _ in chosen)
    return 10**slope


def text(growth, churn_per_second, own_buffer):
    """Paragraphs of Markdown about one server."""
    most = max(growth.cpu_ns)
    factor = per_decade(growth.cpu_ns)
    cpu_ns = growth.cpu_ns[most] * max(1.0, factor) ** math.log10(CONNECTIONS / most)
    heap, resident, kernel = (points[most] for points in (growth.heap, growth.resident, growth.kernel))
    in_gib = CONNECTIONS / 2**30
    capacity = CORES * 1e9 / cpu_ns
    workers = sorted(growth.workers_cpu_ns)
    worker_growth = growth.workers_cpu_ns[workers[-1]] / growth.workers_cpu_ns[workers[0]] - 1
    demands = {
        "the processors": CONNECTIONS / capacity,
        "the memory": (resident + kernel / 2) * in_gib / MEMORY_GIB,
    }
    if churn_per_second:
        demands["the one accepting thread"] = CONNECTIONS / churn_per_second / PATIENCE_SECONDS
    first = max(demands, key=demands.get)
    yield (
        f"**Processors.** From 100 connections on, ten times the connections cost a message {factor:.2f} times the CPU "
        f"({growth.cpu_ns.get(100, 0) / 1000:.2f} µs at 100, {growth.cpu_ns[most] / 1000:.2f} µs at {most:,}). Carried on to "
        f"{CONNECTIONS:,} connections that is {cpu_ns / 1000:.1f} µs, so that {CORES} cores have {capacity / 1e6:,.1f} million "
        f"messages a second to give; a million connections with one message a second each take "
        f"{CONNECTIONS * cpu_ns / 1e9:.1f} cores. That holds as far as workers do not get into each other's way: with "
        f"{workers[-1]} workers on this machine a message costs {abs(worker_growth):.0%} {'more' if worker_growth > 0 else 'less'} "
        f"CPU than with {workers[0]}."
    )
    yield (
        f"**Memory.** At {most:,} connections each that waits takes {heap:,.0f} heap bytes of the library and of the server "
        f"beside its buffer, {resident:,.0f} bytes resident (of the buffer of {own_buffer // 1024} KiB only the pages that "
        f"were touched), and {kernel:,.0f} bytes of the kernel for both ends, about half of them on the server's machine. A "
        f"million of them: {heap * in_gib:.1f} GiB of heap, {resident * in_gib:.1f} GiB resident, "
        f"{kernel / 2 * in_gib:.1f} GiB in the kernel; and {own_buffer * in_gib:.0f} GiB where each has filled its buffer once."
    )
    if churn_per_second:
        yield (
            f"**Connecting.** One core, shared with the clients, takes {churn_per_second:,.0f} connections a second from "
            f"connect to close: a million come back in {CONNECTIONS / churn_per_second:,.0f} s. A listener belongs to one "
            "worker, so that this does not grow with the number of cores; several listeners on one port would."
        )
    yield (
        f"**What gives way first.** With a message a second on each connection, {MEMORY_GIB} GiB, and {PATIENCE_SECONDS} s for "
        "all to connect anew, the demand is "
        + ", ".join(f"{share:.0%} of {name}" for name, share in demands.items())
        + f": first it is {first}. These figures are a forecast from this machine, not a measurement."
    )
