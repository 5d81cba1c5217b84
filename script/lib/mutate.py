# SPDX-License-Identifier: MIT
"""script/mutate, which explains it."""

import argparse
import hashlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from mutant_tests import Broken, MutantTests
from mutations import chosen, enumerators, mutations_of

SUFFIXES = (".c", ".cpp", ".h", ".hpp")
DOES_NOT_COMPILE = ""


def files_of(root):
    """What the copy is made of: what git knows, or everything that is not built."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        names = [name for name in listing.stdout.decode().split("\0") if name]
    else:
        names = [str(path.relative_to(root)) for path in root.rglob("*")]
    return sorted(name for name in names if (root / name).is_file() and not name.startswith("build/"))


def copy_tree(root, names, tree):
    """A file that is the same keeps its time, so that it is not built again."""
    for name in names:
        source, target = root / name, tree / name
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    known = set(names)
    for path in [path for path in tree.rglob("*") if path.is_file()]:
        if str(path.relative_to(tree)) not in known:
            path.unlink()


def all_mutations(root, names, only):
    sources = [name for name in names if name.startswith(("src/", "include/")) and name.endswith(SUFFIXES)]
    texts = {name: (root / name).read_text(encoding="utf-8") for name in sources}
    neighbours = enumerators(texts.values())
    return [
        mutation
        for name, text in texts.items()
        if name.startswith("src/") and (not only or any(name == path or name.startswith(path + "/") for path in only))
        for mutation in mutations_of(name, text, neighbours)
    ]


def digest_of(root, names):
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return digest.hexdigest()


class Results:
    """What is known of mutations, in a file with a line for each.

    It holds while the mutated file is the same; that a mutation survived holds while the tests are the same, too."""

    def __init__(self, path, root, names):
        self.path = path
        self.root = root
        self.tests = digest_of(root, [name for name in names if name.startswith("tests/")])
        self.files = {}
        self.known = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                if entry["verdict"] is not None or entry["tests"] == self.tests:
                    self.known[entry["mutation"], entry["file"]] = entry["verdict"]

    def key(self, mutation):
        if mutation.path not in self.files:
            self.files[mutation.path] = digest_of(self.root, [mutation.path])
        return mutation.identity, self.files[mutation.path]

    def __contains__(self, mutation):
        return self.key(mutation) in self.known

    def __getitem__(self, mutation):
        return self.known[self.key(mutation)]

    def __setitem__(self, mutation, verdict):
        identity, file = self.key(mutation)
        self.known[identity, file] = verdict
        entry = {"mutation": identity, "file": file, "tests": self.tests, "verdict": verdict}
        with self.path.open("a", encoding="utf-8") as output:
            output.write(json.dumps(entry) + "\n")


class Mutator:
    def __init__(self, root, work, jobs, names, limit):
        self.root = root
        self.work = work
        self.tree = work / "tree"
        self.build = work / "build"
        self.jobs = jobs
        self.names = names
        self.limit = limit
        self.tests = None

    def prepared_tests(self):
        copy_tree(self.root, self.names, self.tree)
        file, tree = self.work / "seconds.json", digest_of(self.tree, self.names)
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        measured = known["seconds"] if known.get("tree") == tree else {}
        print("building the tests" + ("" if measured else ", and running them without any change"), flush=True)
        tests = MutantTests(self.tree, self.build, self.jobs, self.limit)
        measured = tests.prepare(measured)
        file.write_text(json.dumps({"tree": tree, "seconds": measured}), encoding="utf-8")
        return tests

    def judge(self, mutation):
        if self.tests is None:
            self.tests = self.prepared_tests()
        file = self.tree / mutation.path
        text = file.read_text(encoding="utf-8")
        file.write_text(mutation.applied_to(text), encoding="utf-8")
        try:
            return self.tests.judge(mutation.path)
        finally:
            file.write_text(text, encoding="utf-8")


def run(mutator, order, count, results):
    """Judges mutations in their order until there are `count` that compile. Returns these."""
    judged = []
    began = time.monotonic()
    for mutation in order:
        if len(judged) == count:
            break
        if mutation not in results:
            results[mutation] = mutator.judge(mutation)
        if results[mutation] == DOES_NOT_COMPILE:
            continue
        judged.append(mutation)
        killer = results[mutation]
        verdict = "SURVIVED" if killer is None else f"killed by {killer}"
        minutes, seconds = divmod(int(time.monotonic() - began), 60)
        print(f"[{minutes}:{seconds:02}] {len(judged)}/{count} {mutation.path}:{mutation.line}: {mutation}: {verdict}", flush=True)
    return judged


def print_table(judged, results):
    judged = sorted(judged, key=lambda each: (each.path, each.line))
    rows = [(f"{each.path}:{each.line}", str(each), results[each] or "SURVIVED") for each in judged]
    print("\n| line | mutation | killed by |\n|---|---|---|")
    for row in rows:
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")


def positive(text):
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def main():
    parser = argparse.ArgumentParser(prog="script/mutate", add_help=False)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=positive, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=positive, default=60)
    parser.add_argument("--from", type=positive, default=1, dest="first")
    parser.add_argument("--limit", type=positive, default=20)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()

    root, work = arguments.root.resolve(), arguments.work.resolve()
    names = files_of(root)
    only = [path.rstrip("/").removeprefix("./") for path in arguments.only]
    order = chosen(all_mutations(root, names, only), arguments.seed)
    if not order:
        parser.error("there is no line to break" + (f" in {', '.join(only)}" if only else ""))
    order = order[arguments.first - 1 :]
    if arguments.list:
        for mutation in order[: arguments.count]:
            print(f"{mutation.path}:{mutation.line}: {mutation}")
        return 0

    print(f"seed {arguments.seed}: {min(arguments.count, len(order))} of {len(order)} changes", flush=True)
    # So that what is running is ended, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    work.mkdir(parents=True, exist_ok=True)
    results = Results(work / "results.jsonl", root, names)
    try:
        mutator = Mutator(root, work, arguments.jobs, names, arguments.limit)
        judged = run(mutator, order, arguments.count, results)
    except Broken as problem:
        print(f"script/mutate: {problem}", file=sys.stderr)
        return 2
    print_table(judged, results)
    survived = sum(results[each] is None for each in judged)
    print(f"\nseed {arguments.seed}: {len(judged)} changes, {len(judged) - survived} noticed, {survived} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
