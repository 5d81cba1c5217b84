# SPDX-License-Identifier: MIT
"""docs/benchmarks.md and its plots."""

import catalogue
import machine
import outlook
import report
from plots import plot

METHOD = """\
Written by `script/bench`, which anyone can run: it builds the servers in `bench`, this library's and its peers', and the
load generator, measures all of them in {minutes:.0f} minutes, and writes this page. Where this library loses, the table says so.

Every server echoes what it receives in the fastest way that is natural to its library, sets TCP_NODELAY, and has one
worker thread, except for `threads`, which has one thread for each connection. One load generator, on io_uring, serves all: each
connection has one message outstanding, which is compared when it comes back; `stream` sends 1 MiB at a time on four
connections to servers that throw it away; `churn` connects, echoes one message and waits for the end of the stream, 16 at
a time; `10000-idle` has 10,000 connections, of which 100 are busy.

**throughput** and **CPU** (user and system time of the server process, for a message) are ratios: each slice of {seconds:g} s lies
between two slices of the raw epoll server under the same load, and is divided by their mean. The table has the median of
{rounds} rounds, in which the servers take turns, and the smallest and the largest in parentheses. More throughput is better,
less CPU is. Servers that are not being measured are stopped. **per second**, **CPU each** and the latencies are plain
medians; a message of `stream` is 1 MiB, one of `churn` a connection. **Context switches**, **system calls** and
**allocations** are the server's, per message; the last two are counted in separate runs.

Where it is allowed to, the harness runs both at a higher priority (`nice -n -10`), so that little else gets in between. Server and
load generator share *one core*, or have *a core each*, or are *unpinned*. The first is the steadiest: what is
measured there is work, not how soon a sleeping core wakes up."""


def write(path, arguments, seconds_taken, results, counted, waiting, growths, found):
    plots = path.parent / path.stem
    parts = [
        "# Benchmarks",
        METHOD.format(minutes=max(1, seconds_taken / 60), seconds=arguments.seconds, rounds=arguments.rounds),
        "## Machine and versions",
        "\n".join(report.table(["", ""], [list(pair) for pair in machine.facts()])),
        "## Targets",
        "Raw epoll is 1 where nothing else is said; this library is the C API with its io_uring back end. The targets "
        "were set where a raw io_uring server, the limit, was further ahead of raw epoll: the columns on the right show "
        "the limit here, and which share of it was wanted and was reached. The end of the page says why some are missed.",
        report.targets_table(found),
        "## Servers",
        "\n".join(
            report.table(["server", "how"], [[server.name, server.what] for server in catalogue.SERVERS])
        ),
        "## Results",
        report.results_table([result for result in results if result.placement != catalogue.WINE], counted),
        "## A connection that waits",
        f"Of {catalogue.load_named(catalogue.WAITING_LOAD).connections:,} connections, each with a receive pending.",
        report.waiting_table(waiting),
    ]
    windows = [result for result in results if result.placement == catalogue.WINE]
    if windows:
        parts += [
            "## Windows, under Wine",
            "Wine, its server process and the load generator share one core. The figures are Wine's as much as the "
            "servers', and say nothing about how fast Windows is; what they compare is how much each server asks of the system. "
            f"The base is `{catalogue.LITERAL}`. CPU is that of the server and of Wine's own server process.",
            "\n".join(
                report.table(["server", "how"], [[server.name, server.what] for server in catalogue.WINDOWS_SERVERS])
            ),
            report.results_table(windows, {}),
        ]
    if growths:
        parts += scaling_parts(plots, growths, results)
    parts.append((catalogue.PROJECT / "bench" / "notes.md").read_text(encoding="utf-8").strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def scaling_parts(plots, growths, results):
    plots.mkdir(parents=True, exist_ok=True)
    bold = [server.name for server in catalogue.SERVERS if server.ours]

    def draw(file, title, x_title, y_title, points, unit=1):
        series = {growth.server: {x: y / unit for x, y in points(growth).items()} for growth in growths}
        (plots / file).write_text(plot(title, x_title, y_title, series, bold), encoding="utf-8")
        return f"![{title}]({plots.name}/{file})"

    pictures = [
        draw("cpu-connections.svg", "CPU of a message", "connections, all busy, one core", "µs", lambda g: g.cpu_ns, 1000),
        draw("heap-connections.svg", "Heap of a connection that waits, beside its buffer", "connections", "bytes",
             lambda g: {x: y for x, y in g.heap.items() if x >= 100}),
        draw("resident-connections.svg", "Resident memory of a connection that waits", "connections", "bytes",
             lambda g: {x: y for x, y in g.resident.items() if x >= 100}),
        draw("cpu-workers.svg", "CPU of a message", "workers, 256 connections, unpinned", "µs",
             lambda g: g.workers_cpu_ns, 1000),
        draw("rate-workers.svg", "Messages a second", "workers, 256 connections, unpinned", "thousands",
             lambda g: g.workers_rate, 1000),
    ]  # fmt: skip
    parts = ["## Growth", *pictures, report.workers_table(growths)]
    ours = next((growth for growth in growths if growth.server == "C API, io_uring" and growth.cpu_ns), None)
    if ours:
        churn = next(
            (each.rate.median for each in results if (each.server, each.load) == (ours.server, "churn") and each.rate), None
        )
        parts += [
            "### 64 cores, a million connections",
            *outlook.text(ours, churn, catalogue.server_named(ours.server).own_buffer),
        ]
    return parts
