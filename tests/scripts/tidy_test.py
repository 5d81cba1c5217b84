# SPDX-License-Identifier: MIT

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent / "script"
sys.path.insert(0, str(SCRIPTS / "lib"))

import tidy  # noqa: E402

# Finds fault with each file that has BAD in it; and two files that both have ONCE in them cannot be one.
CLANG_TIDY = """#!/usr/bin/env python3
import pathlib, re, sys
source = next(word for word in sys.argv[1:] if word.endswith(".cpp"))
text = pathlib.Path(source).read_text()
files = re.findall('#include "(.*)"', text) or [source]
texts = {file: pathlib.Path(file).read_text() for file in files}
print("12 warnings generated.")
if sum("ONCE" in each for each in texts.values()) > 1:
    sys.exit(print("error: redefinition [clang-diagnostic-error]") or 1)
bad = [file for file in files if "BAD" in texts[file]]
for file in bad:
    print(f"{file}:1:1: error: bad [{' '.join(sys.argv[sys.argv.index('--') + 1:])}]")
sys.exit(bool(bad))
"""


class TidyTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.build = self.root / "build"
        self.build.mkdir()
        self.program = self.root / "clang-tidy"
        self.program.write_text(CLANG_TIDY, encoding="utf-8")
        self.program.chmod(0o755)
        (self.root / ".clang-tidy").write_text("of the project", encoding="utf-8")
        self.database = []

    def write(self, path, text, flags="-O1 -DX=1"):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        command = f"ccache /usr/bin/c++ {flags} -o {path}.o -c {file}"
        self.database.append({"directory": str(self.build), "file": str(file), "command": command})

    def run_tidy(self):
        (self.build / "compile_commands.json").write_text(json.dumps(self.database), encoding="utf-8")
        command = [sys.executable, "-B", SCRIPTS / "lib" / "tidy.py", "--clang-tidy", self.program, "--project", self.root]
        command += ["--build", self.build, "--jobs", "2", self.root / "src"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_files_of_the_same_flags_come_together_and_each_once(self):
        for name in ("a", "b", "c"):
            self.write(f"src/{name}.cpp", "")
        self.write("src/b.cpp", "", "-O2")
        self.write("src/other.cpp", "", "-O2")
        self.write("tests/t.cpp", "")
        names = [
            ([pathlib.Path(file).name for file in files], flags)
            for files, flags, _ in tidy.batches_of(self.database, [self.root / "src"], most=2)
        ]
        flags = ("-O1", "-DX=1")
        self.assertEqual(names, [(["other.cpp"], ("-O2",)), (["c.cpp", "b.cpp"], flags), (["a.cpp"], flags)])

    def test_without_findings_it_counts(self):
        for name in ("a", "b", "c"):
            self.write(f"src/{name}.cpp", "ONCE" if name == "a" else "")
        result = self.run_tidy()
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "clang-tidy: 3 files checked\n", ""))

    def test_each_finding_is_told_with_its_file(self):
        for name in ("a", "b", "c", "d"):
            self.write(f"src/{name}.cpp", "BAD" if name in "ad" else "")
        result = self.run_tidy()
        self.assertEqual(result.returncode, 1)
        found = [f"{self.root}/src/{name}.cpp:1:1: error: bad [-O1 -DX=1]" for name in "da"]
        self.assertEqual(result.stderr.splitlines(), found)

    def test_files_that_cannot_be_one_are_looked_at_apart(self):
        for name in ("a", "b", "c", "d"):
            self.write(f"src/{name}.cpp", "ONCE BAD" if name in "ab" else "")
        result = self.run_tidy()
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 2, result.stderr)
        self.assertNotIn("redefinition", result.stderr)

    def test_files_are_judged_by_the_rules_of_their_directory(self):
        # The program says which rules it finds above the file that it is given, as clang-tidy does.
        self.program.write_text(
            "#!/bin/sh\nfor word; do case $word in *.cpp) there=${word%/*} ;; esac; done\n"
            "while [ ! -e $there/.clang-tidy ]; do there=${there%/*}; done\n"
            "echo finding: $(cat $there/.clang-tidy)\nexit 1\n",
            encoding="utf-8",
        )
        for name in ("a", "b"):
            self.write(f"src/{name}.cpp", "")
            self.write(f"src/odd/deep/{name}.cpp", "")
        self.write("src/deep/c.cpp", "")
        (self.root / "src" / "odd" / ".clang-tidy").write_text("of the odd ones", encoding="utf-8")
        result = self.run_tidy()
        self.assertEqual(result.stderr.splitlines(), ["finding: of the odd ones", "finding: of the project"])

    def test_a_file_that_does_not_compile_is_a_finding(self):
        self.write("src/a.cpp", "")
        self.program.write_text('#!/bin/sh\necho "error: no such thing [clang-diagnostic-error]"\nexit 1\n', encoding="utf-8")
        result = self.run_tidy()
        self.assertEqual(result.returncode, 1)
        self.assertIn("no such thing", result.stderr)


if __name__ == "__main__":
    unittest.main()
