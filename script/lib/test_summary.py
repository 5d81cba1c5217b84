# SPDX-License-Identifier: MIT
"""What script/test prints at its end."""

from count_cases import Count


def print_summary(steps):
    columns = ("unit", "model", "contract", "sim", "stress", "cost", "scale", "fuzz", "tool", "real")
    layers = [layer for layer in columns if any(layer in step.counts for step in steps)]
    header = ["step", "result", *layers, "other", "seconds"]
    rows = []
    for step in steps:
        others = sum((count for layer, count in step.counts.items() if layer not in layers), Count())
        cells = [step.counts.get(layer) for layer in layers] + [others]
        result = "FAILED" if step.total.failed else "ok"
        rows.append([step.name, result, *("-" if not cell else str(cell) for cell in cells), f"{step.seconds:.0f}"])
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    print("\nTest cases by step and layer")
    for row in [header, ["-" * width for width in widths], *rows]:
        print("  ".join(cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))))


def print_failures(steps):
    """At the end, where a log that is cut still has them."""
    for step in steps:
        for name, lines in step.failures.items():
            print(f"\n{step.name}: {name} failed:")
            print("\n".join(f"  {line}" for line in lines))


def print_real_programs(runner, steps):
    """What tests/real has measured, also in one file, and whatever was left out of any test."""
    tables = [runner.build_root / step.name / "real-programs.md" for step in steps]
    measured = "\n".join(table.read_text(encoding="utf-8") for table in tables if table.exists())
    if measured:
        (runner.logs / "real-programs.md").write_text(measured, encoding="utf-8")
        print(f"\n{measured}", end="")
    for step in steps:
        for reason in dict.fromkeys(step.left_out):
            print(f"left out of {step.name}: {reason}")
