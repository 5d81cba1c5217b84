# SPDX-License-Identifier: MIT
"""The results as Markdown."""


def ratio(figure):
    return f"{figure.median:.2f} ({figure.low:.2f}–{figure.high:.2f})"


def rate(value):
    return f"{value:,.0f}"


def duration(nanoseconds):
    if nanoseconds < 10_000:
        return f"{nanoseconds / 1000:.2f} µs"
    if nanoseconds < 1_000_000:
        return f"{nanoseconds / 1000:.0f} µs"
    return f"{nanoseconds / 1e6:.1f} ms"


def table(header, rows):
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def count(value):
    return "–" if value is None else f"{value:.3g}" if value < 1 else f"{value:.2f}"


def result_row(result, counted):
    start = [result.load, result.placement, result.server]
    if result.failure:
        return [*start, f"failed: {result.failure}", *[""] * (len(RESULT_HEADER) - 4)]
    calls, allocations = counted.get((result.server, result.load), (None, None))
    return [
        *start,
        ratio(result.rate_ratio),
        ratio(result.cpu_ratio),
        rate(result.rate.median),
        duration(result.cpu_ns.median),
        duration(result.p50_ns),
        duration(result.p99_ns),
        duration(result.p999_ns),
        count(result.switches),
        count(calls),
        count(allocations),
    ]


RESULT_HEADER = [
    "load",
    "placement",
    "server",
    "throughput",
    "CPU",
    "per second",
    "CPU each",
    "p50",
    "p99",
    "p99.9",
    "context switches",
    "system calls",
    "allocations",
]


def results_table(results, counted):
    return "\n".join(table(RESULT_HEADER, [result_row(result, counted) for result in results]))


def workers_table(growths):
    """What each worker has done of the work, by server and number of workers."""
    counts = sorted({count for growth in growths for count in growth.workers_parts})
    header = ["CPU of each worker, of the server's", *(f"{count} workers" if count > 1 else "1 worker" for count in counts)]
    rows = [
        [growth.server, *(" : ".join(f"{part:.0%}" for part in growth.workers_parts.get(count, [])) for count in counts)]
        for growth in growths
    ]
    return "\n".join(table(header, rows))


def waiting_table(waiting):
    header = ["server", "heap bytes beside the buffer", "resident bytes", "bytes in the kernel, both ends"]
    rows = [[name, *(f"{value:,.0f}" for value in values)] for name, values in waiting.items()]
    return "\n".join(table(header, rows))


def targets_table(found):
    header = ["target", "wanted", "measured", "", "raw io_uring", "of that: wanted", "measured"]
    return "\n".join(table(header, [target.row() for target in found]))
