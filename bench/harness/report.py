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


def result_row(result):
    start = [result.load, result.placement, result.server]
    if result.failure:
        return [*start, f"failed: {result.failure}", *[""] * 6]
    return [
        *start,
        ratio(result.rate_ratio),
        ratio(result.cpu_ratio),
        rate(result.rate.median),
        duration(result.cpu_ns.median),
        duration(result.p50_ns),
        duration(result.p99_ns),
        duration(result.p999_ns),
    ]


RESULT_HEADER = ["load", "placement", "server", "throughput", "CPU", "per second", "CPU each", "p50", "p99", "p99.9"]


def results_table(results):
    return "\n".join(table(RESULT_HEADER, [result_row(result) for result in results]))
