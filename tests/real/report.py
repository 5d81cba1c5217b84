# SPDX-License-Identifier: MIT
"""What a case did and what memory the relay took for it, as a table that can be quoted."""

import contextlib
import dataclasses
import fcntl
import pathlib

HEADER = ["case", "requests or bytes", "errors", "relay memory before", "top", "after"]

# What passes through must not pile up. The bound has nothing to do with how much it is, and is far from what is taken.
MOST_KIB = 64 << 10


@dataclasses.dataclass
class Row:
    case: str
    work: str = "-"
    errors: int = 0
    before_kib: int = 0
    top_kib: int = 0
    after_kib: int = 0

    def cells(self):
        memory = [f"{kib / 1024:.1f} MiB" if kib else "-" for kib in (self.before_kib, self.top_kib, self.after_kib)]
        return [self.case, self.work, str(self.errors), *memory]


def table(rows):
    lines = [HEADER, ["---", *["---:"] * (len(HEADER) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


class Report:
    """The rows of one family of cases. Families may run at the same time, and each adds its rows to the same table."""

    def __init__(self, directory, family, title):
        self.directory = pathlib.Path(directory)
        self.title = title
        self.rows = []
        self.part = self.directory / f"{family}.rows"
        self.directory.mkdir(parents=True, exist_ok=True)
        self.part.unlink(missing_ok=True)

    @contextlib.contextmanager
    def measured(self, relay, case, most_kib=MOST_KIB):
        """Measures the relay while the body loads it. The body says in the row what it has done."""
        row = Row(case, before_kib=relay.memory_kib())
        relay.forget_peak()
        self.rows = [other for other in self.rows if other.case != case] + [row]
        try:
            yield row
        except BaseException:
            row.errors = max(row.errors, 1)
            raise
        # One that was told to end may have ended.
        if not relay.told_to_end:
            row.top_kib = relay.peak_kib()
            relay.wait_until_idle()
            row.after_kib = relay.memory_kib()
        if most_kib is not None and row.top_kib - row.before_kib > most_kib:
            row.errors = 1
            raise AssertionError(f"the relay took more than {most_kib} KiB: {row}")

    def write(self):
        cells = [row.cells() for row in self.rows]
        print(table(cells), flush=True)
        with (self.directory / ".lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.part.write_text("".join("\t".join([self.title, *row]) + "\n" for row in cells), encoding="utf-8")
            tables = {}
            for part in sorted(self.directory.glob("*.rows")):
                for line in part.read_text(encoding="utf-8").splitlines():
                    title, *row = line.split("\t")
                    tables.setdefault(title, []).append(row)
            text = "\n".join(f"### {title}\n\n{table(rows)}" for title, rows in sorted(tables.items()))
            (self.directory.parent / "real-programs.md").write_text(text, encoding="utf-8")
